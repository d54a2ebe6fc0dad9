"""When a contract's failure may break a provider's build, and what is work in progress."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import update

from story import Story
from tallystick_broker.for_verification.entries import Entry
from tallystick_broker.for_verification.request import Request, Selector
from tallystick_broker.for_verification.work import list_contracts
from tallystick_broker.models import Branch, Result, Version

LATEST = ((Selector(latest=True), None),)
SINCE = datetime(2020, 1, 1, tzinfo=UTC)
WEB = ("web", "1")


def pending(story: Story, branch: str | None = None, *tags: str) -> bool:
    """Whether the one contract of api is pending for this branch, or for these tags."""
    (entry,) = list_contracts(story.session, story.participant("api"), Request(LATEST, branch, tags))
    return entry.pending


def in_progress(story: Story, branch: str | None = None, *tags: str) -> list[Entry]:
    """The work in progress for this branch, or for these tags."""
    request = Request(((Selector(branch="none"), None),), branch, tags, wip_since=SINCE)
    return list_contracts(story.session, story.participant("api"), request)


def test_a_success_elsewhere_counts_only_before_the_branch_began(story: Story) -> None:
    """What another branch honours after this one began says nothing about this one."""
    story.publish("web", "1", "api")
    story.version("api", "1", branch="feat")
    story.verify("api", "2", of=WEB).branch("api", "2", "main")
    assert pending(story, "feat")
    assert not pending(story, "main")
    assert not pending(story, "new")


def test_a_success_on_no_branch_counts_for_none(story: Story) -> None:
    """A build that does not say its branch can't promise anything for one; without any branch it can."""
    story.publish("web", "1", "api").verify("api", "1", of=WEB)
    assert pending(story, "main")
    assert not pending(story)


def test_without_branch_and_tags_any_success_counts(story: Story) -> None:
    """A build that names neither has a contract pending until anyone honours it."""
    story.publish("web", "1", "api").verify("api", "1", of=WEB, success=False)
    assert pending(story)
    story.verify("api", "1", of=WEB).branch("api", "1", "feat")
    assert not pending(story)


def test_the_branch_wins_over_tags(story: Story) -> None:
    """When a build has both, its tags are not looked at."""
    story.publish("web", "1", "api")
    story.version("api", "0", branch="main", tags=["dev"])
    story.verify("api", "1", of=WEB).branch("api", "1", "main")
    assert not pending(story, "main", "dev")
    assert pending(story, None, "dev")


def test_a_success_with_another_tag_counts_only_before_the_tag_was_used(story: Story) -> None:
    """A tag inherits what was honoured before the provider used it first."""
    story.publish("web", "1", "api")
    story.version("api", "1", branch="a", tags=["old"])
    story.version("api", "2", branch="a", tags=["dev"])
    story.verify("api", "2", of=WEB)
    assert pending(story, None, "old")
    assert not pending(story, None, "dev")
    assert not pending(story, None, "new")
    assert pending(story, None, "dev", "old")


def test_a_success_as_work_in_progress_ends_pending(story: Story) -> None:
    """A content that was honoured before it was merged is not pending when it is."""
    story.publish("web", "1", "api").verify("api", "1", of=WEB, wip=True).branch("api", "1", "main")
    assert not pending(story, "main")


def test_only_heads_are_work_in_progress(story: Story) -> None:
    """Of a branch and of a tag the newest version's contract is listed, and each content once."""
    story.publish("web", "1", "api", content="a", branch="feat")
    story.publish("web", "2", "api", content="b", branch="feat", tags=["dev"])
    story.publish("web", "3", "api", content="b", branch="other")
    (entry,) = in_progress(story, "main")
    assert (entry.number, entry.wip, entry.pending) == ("3", True, True)
    assert entry.description == "latest from branch feat, latest from branch other, latest with tag dev"


def test_work_in_progress_needs_a_branch_or_tags(story: Story) -> None:
    """Without them nobody could tell when the work is done, so nothing is listed."""
    story.publish("web", "1", "api", branch="feat")
    assert in_progress(story) == []


def test_what_others_honoured_before_the_branch_is_no_work(story: Story) -> None:
    """A new branch of the provider does not bring back what another branch has honoured before it began."""
    story.publish("web", "1", "api", branch="feat")
    story.verify("api", "1", of=WEB).branch("api", "1", "main")
    story.version("api", "2", branch="later")
    assert in_progress(story, "main") == in_progress(story, "later") == in_progress(story, "new") == []


def test_what_others_honoured_after_the_branch_began_is_work(story: Story) -> None:
    """A branch has to honour by itself what came up after it began."""
    story.publish("web", "1", "api", branch="feat")
    story.version("api", "1", branch="early")
    story.verify("api", "2", of=WEB).branch("api", "2", "main")
    assert len(in_progress(story, "early")) == 1
    assert in_progress(story, "main") == []


def test_work_that_was_honoured_long_ago_stays_done(story: Story) -> None:
    """A contract that is not touched for months does not come back as work in progress."""
    story.publish("web", "1", "api", branch="feat")
    story.verify("api", "1", of=WEB).branch("api", "1", "main")
    past = datetime.now(UTC) - timedelta(days=400)
    for fact in (Result, Version, Branch):
        story.session.execute(update(fact).values(created_at=past))
    story.session.execute(update(Result).values(executed_at=past))
    assert in_progress(story, "main") == []


def test_work_in_progress_by_tags_counts_each_tag(story: Story) -> None:
    """A contract stays on the list for the tags with which it was not honoured yet."""
    story.publish("web", "1", "api", branch="feat")
    story.version("api", "1", branch="a", tags=["dev", "test"])
    story.version("api", "2", branch="a", tags=["dev"])
    story.verify("api", "2", of=WEB)
    (entry,) = in_progress(story, None, "dev", "test")
    assert (entry.honoured_for, entry.unhonoured_for) == (("dev",), ("test",))
    assert in_progress(story, None, "dev") == []


def test_work_in_progress_honoured_as_such_stays_by_tags(story: Story) -> None:
    """A success as work in progress does not take a contract off the list of a tag either."""
    story.publish("web", "1", "api", branch="feat")
    story.version("api", "1", branch="a", tags=["dev"])
    story.verify("api", "1", of=WEB, wip=True)
    assert len(in_progress(story, None, "dev")) == 1
