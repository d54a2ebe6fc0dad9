"""What a provider should verify, against the letter of the rules, after random histories."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from api_client import ApiClient
from builds import BRANCHES, PLACES, PROVIDER, TAGS, Listed, World, contents, selectors, steps, tell
from story import Story


@settings(
    deadline=None,
    derandomize=True,
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    contents,
    steps,
    selectors,
    st.none() | st.sampled_from(BRANCHES),
    st.lists(st.sampled_from(TAGS), max_size=2, unique=True),
)
def test_the_list_is_what_the_rules_say(
    session: Session,
    client: ApiClient,
    contents: dict[Any, str],
    steps: list[Any],
    selectors: list[Any],
    branch: str | None,
    tags: list[str],
) -> None:
    """Whatever has happened, each content is listed with its reasons, whether it is pending, and as whose work."""
    world = World(contents)
    with session.begin_nested() as savepoint:
        story = Story(session)
        for place in PLACES:
            story.environment(place, production=place == "prod")
        story.participant(PROVIDER)
        tell(world, story, steps)
        asked = {"consumerVersionSelectors": selectors, "providerVersionTags": tags} | {
            "includeWipPactsSince": "2020-01-01",
            **({"providerVersionBranch": branch} if branch else {}),
        }
        answer = client.post(f"/pacts/provider/{PROVIDER}/for-verification", json=asked)
        savepoint.rollback()
    session.expunge_all()
    assert answer.status_code == 200, answer.text
    assert [read(each) for each in answer.json["_embedded"]["pacts"]] == world.list_for(
        selectors, branch, tags
    )


def read(entry: Any) -> Listed:
    """Return what an entry says, without its texts for people."""
    properties = entry["verificationProperties"]
    _, _, consumer, version, *_ = entry["_links"]["self"]["name"].split(" ")
    why = frozenset(entry["shortDescription"].split(", "))
    return consumer, version.strip("()"), why, properties["pending"], properties.get("wip", False)
