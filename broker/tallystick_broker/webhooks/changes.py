"""Changes: what a publication means for its provider, so that the right events follow from it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, exists, func, literal, select, union_all
from sqlalchemy.orm import Session, aliased

from tallystick_broker.db import among
from tallystick_broker.models import (
    Branch,
    BranchHead,
    Environment,
    Integration,
    LatestResult,
    LiveVersion,
    Participant,
    Publication,
    Tag,
    Version,
)
from tallystick_broker.publishing import Outcome, Published

Requirements = dict[int, dict[int, list[str]]]
"""Why a content needs results, by the content's id and the provider version's."""


@dataclass(frozen=True)
class Change:
    """Whether a publication has changed what is expected, and by which comparison."""

    changed: bool
    comments: tuple[str, ...]


def find_changes(session: Session, version: Version, published: Sequence[Published]) -> dict[int, Change]:
    """Return the change of each publication of the version, by the provider's id.

    A new publication is compared with the newest earlier one for each tag of its version, or with the newest
    earlier one of an untagged version: these rules, without branches, are the Pact Broker's.
    """
    new = {each.content.provider_id for each in published if each.outcome is Outcome.CREATED}
    tags = list(session.scalars(select(Tag.name).filter_by(version_id=version.id).order_by(Tag.name)))
    earlier = _find_earlier(session, version, new, tagged=bool(tags)) if new else {}
    return {each.content.provider_id: _compare(version, each, tags, earlier) for each in published}


def find_requirements(session: Session, published: Iterable[Published]) -> Requirements:
    """Return which provider versions have no result for these contents, and why each of them should."""
    contents = {each.content.id: each.content.provider_id for each in published}
    wanted = _find_wanted(session, set(contents.values()))
    versions = {version_id for by_version in wanted.values() for version_id in by_version}
    known = select(LatestResult.content_id, LatestResult.provider_version_id).where(
        among(LatestResult.content_id, contents), among(LatestResult.provider_version_id, versions)
    )
    verified = {tuple(row) for row in session.execute(known)}
    return {
        content_id: {
            version_id: reasons
            for version_id, reasons in wanted.get(provider_id, {}).items()
            if (content_id, version_id) not in verified
        }
        for content_id, provider_id in contents.items()
    }


def _compare(
    version: Version, published: Published, tags: list[str], earlier: dict[tuple[int, str], int]
) -> Change:
    content = published.content
    if published.outcome is Outcome.UNCHANGED:
        return Change(False, ("the same content was published before under this version",))
    if published.outcome is not Outcome.CREATED:
        return Change(True, (f"the content differs from the previous revision of {version.number}",))
    comments = [_comment(tag, earlier.get((content.provider_id, tag)), content.id) for tag in tags or [""]]
    changed = tuple(comment for comment in comments if comment)
    return Change(bool(changed), changed or (f"the same content as before {_with(tags)}",))


def _comment(tag: str, before: int | None, content_id: int) -> str | None:
    if before is None:
        return f"first publication with tag {tag}" if tag else "first untagged publication"
    if before == content_id:
        return None
    return f"the content differs from the previous {f'version tagged {tag}' if tag else 'untagged version'}"


def _with(tags: list[str]) -> str:
    return f"with tags {', '.join(tags)}" if tags else "without tags"


def _find_earlier(
    session: Session, version: Version, providers: set[int], *, tagged: bool
) -> dict[tuple[int, str], int]:
    """Return the content that was published last before this version, by provider and tag ('' for none)."""
    other = aliased(Tag)
    of_published = other.version_id == Publication.consumer_version_id
    newest = (
        select(Publication.content_id)
        .where(
            Publication.in_effect,
            Publication.consumer_id == version.participant_id,
            Publication.provider_id == Integration.provider_id,
            Publication.consumer_version_id < version.id,
        )
        .order_by(Publication.consumer_version_id.desc())
        .limit(1)
    )
    pairs = (Integration.consumer_id == version.participant_id, among(Integration.provider_id, providers))
    if tagged:
        same = newest.join(other, of_published).where(
            other.participant_id == version.participant_id, other.name == Tag.name
        )
        wanted = select(Integration.provider_id, Tag.name, same.correlate(Integration, Tag).scalar_subquery())
        of_version = (Tag.participant_id == Integration.consumer_id, Tag.version_id == version.id)
        found = session.execute(wanted.where(*pairs, *of_version))
        return {(provider, tag): content for provider, tag, content in found if content is not None}
    untagged = newest.where(~exists().where(of_published)).correlate(Integration).scalar_subquery()
    rows = session.execute(select(Integration.provider_id, untagged).where(*pairs))
    return {(provider, ""): content for provider, content in rows if content is not None}


def _find_wanted(session: Session, providers: set[int]) -> Requirements:
    """Return the versions that should have a result for whatever is published, and why, by provider."""
    main = select(
        Participant.id, _newest_of_main_branch(), literal(""), literal(0), literal("latest from main branch")
    )
    kind = case((LiveVersion.deployed_version_id.is_not(None), "deployed in "), else_="released in ")
    live = select(
        LiveVersion.participant_id, LiveVersion.version_id, Environment.name, LiveVersion.id, kind
    ).join(Environment, Environment.id == LiveVersion.environment_id)
    rows = session.execute(
        union_all(
            main.where(among(Participant.id, providers)),
            live.where(among(LiveVersion.participant_id, providers)),
        )
    )
    wanted: Requirements = defaultdict(lambda: defaultdict(list))
    for provider, version_id, place, _, why in sorted(rows, key=lambda row: (row[2], row[3])):
        reasons = wanted[provider][version_id] if version_id is not None else []
        if f"{why}{place}" not in reasons:
            reasons.append(f"{why}{place}")
    return wanted


def _newest_of_main_branch() -> ColumnElement[int]:
    """Return the id of a participant's newest version on its main branch, which may have been only a tag."""
    main = (Branch.participant_id == Participant.id) & (Branch.name == Participant.main_branch)
    head = select(BranchHead.version_id).join(Branch, Branch.id == BranchHead.branch_id).where(main)
    tagged = (
        select(Tag.version_id)
        .where(Tag.participant_id == Participant.id, Tag.name == Participant.main_branch)
        .where(~exists(Branch.id).where(main))
        .order_by(Tag.version_id.desc())
        .limit(1)
    )
    return func.coalesce(
        head.correlate(Participant).scalar_subquery(), tagged.correlate(Participant).scalar_subquery()
    )
