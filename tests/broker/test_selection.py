"""Which contracts selectors find, and how they are gathered."""

from hypothesis import given
from hypothesis import strategies as st

from story import Story
from tallystick_broker.contracts import get_pair
from tallystick_broker.for_verification.entries import Entry, Reason, gather
from tallystick_broker.for_verification.notices import notices
from tallystick_broker.for_verification.request import Request, Selector, find_faults, read_selectors
from tallystick_broker.for_verification.work import list_contracts
from tallystick_broker.publications import get_publication

SELECTORS = st.builds(
    Selector,
    consumer=st.sampled_from([None, "web"]),
    main_branch=st.booleans(),
    branch=st.sampled_from([None, "feat"]),
    tag=st.sampled_from([None, "dev"]),
    latest=st.booleans(),
    deployed=st.booleans(),
    released=st.booleans(),
)
PLACES = st.sampled_from(["", "prod", "test"])


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    """An entry as one selector finds it: a version, its content, one reason."""
    version_id, content_id = draw(st.integers(1, 5)), draw(st.integers(1, 3))
    consumer, number = draw(st.sampled_from(["app", "web"])), str(version_id)
    reason = Reason(draw(SELECTORS), number, version_id, draw(PLACES), draw(st.booleans()))
    return Entry(consumer, number, version_id, content_id, f"sha {content_id}", (reason,))


@given(st.lists(entries()).flatmap(lambda found: st.tuples(st.just(found), st.permutations(found))))
def test_gathering_keeps_every_reason(both: tuple[list[Entry], list[Entry]]) -> None:
    """Each consumer's content is listed once, as its newest version, with all reasons, whatever came first."""
    found, shuffled = both
    gathered = gather(found)
    keys = [(entry.consumer, entry.fingerprint) for entry in gathered]
    assert len(keys) == len(set(keys))
    assert set(keys) == {(entry.consumer, entry.fingerprint) for entry in found}
    for entry, key in zip(gathered, keys, strict=True):
        members = [each for each in found if (each.consumer, each.fingerprint) == key]
        assert entry.version_id == max(each.version_id for each in members)
        assert set(entry.reasons) == {reason for each in members for reason in each.reasons}
    placed = [(entry.consumer, entry.version_id) for entry in gathered]
    assert placed == sorted(placed)
    assert {entry.description for entry in gathered} == {entry.description for entry in gather(shuffled)}


def test_reasons_are_told_in_one_order() -> None:
    """What is latest comes first, then branches, tags and what is live, with production at the end."""
    told = [
        Reason(Selector(latest=True), "1", 1),
        Reason(Selector(branch="a"), "1", 1, "a"),
        Reason(Selector(branch="b"), "1", 1, "b"),
        Reason(Selector(tag="a", latest=True), "1", 1, "a"),
        Reason(Selector(tag="a"), "1", 1, "a"),
        Reason(Selector(deployed=True), "1", 1, "test"),
        Reason(Selector(deployed=True), "1", 1, "prod", True),
        Reason(Selector(released=True), "1", 1, "test"),
    ]
    (entry,) = gather(Entry("web", "1", 1, 1, "sha", (reason,)) for reason in reversed(told))
    assert entry.reasons == tuple(told)
    assert entry.description == (
        "latest, latest from branch a, latest from branch b, latest with tag a, one of a, "
        "deployed to test, deployed to prod, released in test"
    )


def test_reasons_of_one_place_keep_their_order() -> None:
    """The main branch, meant by itself and by its name, is told the same way whatever was asked for first."""
    by_name, by_role = (
        Reason(Selector(branch="main"), "1", 1, "main"),
        Reason(Selector(main_branch=True), "1", 1, "main"),
    )
    for reasons in ((by_name, by_role), (by_role, by_name)):
        (entry,) = gather(Entry("web", "1", 1, 1, "sha", (reason,)) for reason in reasons)
        assert entry.description == "latest from branch main, latest from main branch"


WIRE = st.fixed_dictionaries(
    {},
    optional={
        **{name: st.just(True) for name in ("mainBranch", "matchingBranch", "deployed", "released")},
        "deployedOrReleased": st.just(True),
        "branch": st.sampled_from(["x", True]),
        "latest": st.booleans(),
        **{
            name: st.just("x") for name in ("tag", "environment", "consumer", "fallbackTag", "fallbackBranch")
        },
    },
)


@given(WIRE)
def test_a_selector_without_fault_means_one_thing(sent: dict[str, str | bool]) -> None:
    """What passes every rule selects by exactly one of: a branch, a tag, what is live, or the latest of all."""
    if list(find_faults(sent, "main")):
        return
    for selector, fallback in read_selectors(sent, "main"):
        on_branch = selector.main_branch or selector.any_branch or selector.branch is not None
        live = selector.deployed or selector.released or selector.environment is not None
        only_latest = selector.latest and not on_branch and selector.tag is None
        assert [on_branch, selector.tag is not None, live, only_latest].count(True) == 1
        assert not (selector.deployed and selector.released)
        assert fallback is None or fallback.fallback_for == selector


def test_a_fallback_says_what_it_stands_for(story: Story) -> None:
    """A build is told that a branch was not found, and which one was taken in its place."""
    story.publish("web", "1", "api", branch="main")
    selectors = tuple(read_selectors({"branch": "gone", "fallbackBranch": "main"}, None))
    request = Request(selectors)
    (entry,) = list_contracts(story.session, story.participant("api"), request)
    assert "branch 'main', in place of 'gone'" in notices(entry, "api", request, "url")[0]["text"]
    story.publish("web", "2", "api", content="b", branch="gone")
    (entry,) = list_contracts(story.session, story.participant("api"), request)
    assert entry.number == "2"
    assert "in place of" not in notices(entry, "api", request, "url")[0]["text"]


def test_only_what_is_in_effect_is_found(story: Story) -> None:
    """A contract that a version has merged with a later one is listed as merged, and only so."""
    story.publish("web", "1", "api", content="a", branch="main")
    story.publish("web", "1", "api", content="b", merge=True)
    for selectors in ((Selector(latest=True), None), (Selector(any_branch=True), None)):
        (entry,) = list_contracts(story.session, story.participant("api"), Request((selectors,)))
        current = get_publication(story.session, get_pair(story.session, "api", "web"), "1")
        assert entry.content_id == current.publication.content_id


def test_other_providers_contracts_are_not_found(story: Story) -> None:
    """A consumer of several providers has the right contract listed for each, by every kind of selector."""
    story.publish("web", "1", "api", "mail", content="a", branch="main", tags=["dev"])
    story.environment("prod", production=True)
    story.deploy("web", "1", "prod")
    story.release("web", "1", "prod")
    selectors = (
        *(Selector(latest=True), Selector(main_branch=True), Selector(any_branch=True), Selector(tag="dev")),
        *(Selector(tag="dev", latest=True), Selector(deployed=True), Selector(released=True)),
    )
    (entry,) = list_contracts(
        story.session, story.participant("mail"), Request(tuple((each, None) for each in selectors))
    )
    pair = get_pair(story.session, "mail", "web")
    assert entry.content_id == get_publication(story.session, pair, "1").publication.content_id
    assert len(entry.reasons) == len(selectors)
    assert list_contracts(story.session, story.participant("other"), Request()) == []
