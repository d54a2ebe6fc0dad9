"""How the gate's question is put."""

import pytest

from tallystick_client import InvalidInput, Question, Selector


def query(*selectors: Selector, environment: str | None = None, tag: str | None = None) -> str:
    """Return the query of a question in short."""
    pairs = Question(selectors, environment, tag).query()
    return "&".join(f"{key}={value}" for key, value in pairs)


WEB = Selector("Web", "1")


def test_a_version_and_an_environment() -> None:
    """With an environment every pair of versions is asked for: no grouping may hide a live one."""
    assert query(WEB, environment="prod") == (
        "q[][pacticipant]=Web&q[][version]=1&environment=prod&latestby=cvpv"
    )


def test_a_version_and_a_tag() -> None:
    """With a tag it is compared with the latest versions that have it."""
    assert query(WEB, tag="prod") == "q[][pacticipant]=Web&q[][version]=1&tag=prod&latest=true&latestby=cvp"


def test_a_version_alone() -> None:
    """Without a target it is compared with the latest version of everything else."""
    assert query(WEB) == "q[][pacticipant]=Web&q[][version]=1&latest=true&latestby=cvp"


def test_two_versions() -> None:
    """Two versions are compared with each other; each name begins a new selector."""
    assert query(WEB, Selector("Orders", "2")) == (
        "q[][pacticipant]=Web&q[][version]=1&q[][pacticipant]=Orders&q[][version]=2&latestby=cvpv"
    )


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        (Selector("Web", branch="main"), "q[][branch]=main&q[][latest]=true"),
        (Selector("Web", tag="prod"), "q[][tag]=prod&q[][latest]=true"),
        (Selector("Web", main_branch=True), "q[][mainBranch]=true&q[][latest]=true"),
        (Selector("Web", latest=True), "q[][latest]=true"),
    ],
)
def test_the_latest_of_something_is_one_version(selector: Selector, expected: str) -> None:
    """A branch or a tag means its latest version, never all of its versions."""
    assert query(selector, environment="prod") == (
        f"q[][pacticipant]=Web&{expected}&environment=prod&latestby=cvpv"
    )


def test_what_is_ignored_is_said() -> None:
    """A name or a version of it can be left out."""
    question = Question([WEB], "prod", ignore=[Selector("Old"), Selector("Orders", "2")])
    assert question.query()[-3:] == [
        ("ignore[][pacticipant]", "Old"),
        ("ignore[][pacticipant]", "Orders"),
        ("ignore[][version]", "2"),
    ]


@pytest.mark.parametrize(
    ("participant", "version", "branch"), [(" ", None, None), ("Web", "", None), ("Web", None, "\t")]
)
def test_a_blank_value_is_refused(participant: str, version: str | None, branch: str | None) -> None:
    """To a broker a blank value means every version, which nobody meant to ask about."""
    with pytest.raises(InvalidInput, match="blank"):
        Selector(participant, version, branch)


def test_a_blank_environment_is_refused() -> None:
    """To a broker a blank environment means no target at all."""
    with pytest.raises(InvalidInput, match="environment or tag to deploy to is blank"):
        Question([WEB], environment="")


def test_two_choices_are_refused() -> None:
    """A version and a branch exclude each other, and so do two targets."""
    with pytest.raises(InvalidInput, match="selected in two ways"):
        Selector("Web", "1", branch="main")
    with pytest.raises(InvalidInput, match="selected in two ways"):
        Selector("Web", "1", latest=True)
    with pytest.raises(InvalidInput, match="not both"):
        Question([WEB], "prod", "prod")


def test_a_question_about_nothing_is_refused() -> None:
    """Nothing to look at must never be a yes."""
    with pytest.raises(InvalidInput, match="Nothing is selected"):
        Question([])
