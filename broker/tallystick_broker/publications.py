"""Publications: found by where their consumer versions stand, listed, held against earlier ones, and deleted."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, case, delete, exists, select
from sqlalchemy.orm import Session, aliased

from tallystick_broker.contracts import Pair
from tallystick_broker.db import among
from tallystick_broker.errors import NotFound
from tallystick_broker.models import (
    Branch,
    BranchHead,
    BranchVersion,
    Content,
    Integration,
    Participant,
    Publication,
    Tag,
    Version,
)


@dataclass(frozen=True)
class Place:
    """Where consumer versions stand; anywhere when nothing is said.

    `head` means the version at the branch's head alone, which need not have a publication.
    """

    tag: str | None = None
    untagged: bool = False
    branch: str | None = None
    main_branch: bool = False
    head: bool = False

    def __str__(self) -> str:
        if self.untagged:
            return "an untagged version"
        if self.tag is not None:
            return f"a version tagged {self.tag}"
        return "a version" if self.branch is None else f"a version on branch {self.branch}"


ANYWHERE = Place()


@dataclass(frozen=True)
class Found:
    """A publication in effect, with its pair and the number of the consumer version."""

    pair: Pair
    number: str
    publication: Publication


def select_publications(
    place: Place = ANYWHERE,
    *,
    consumer: Participant | None = None,
    provider: Participant | None = None,
    newest: bool = False,
    descending: bool = False,
) -> Select[Publication]:
    """Return the statement for the publications at this place: by consumer and provider, then by version.

    `newest` keeps the newest version's of each pair; `descending` puts newer versions first. The statement begins
    at the integrations, so that it finds the newest ones without reading the others.
    """
    consumers, providers = aliased(Participant), aliased(Participant)
    of_pair, version = _of_integration(place), Publication.consumer_version_id
    latest = select(Publication.id).where(of_pair).order_by(version.desc()).limit(1).correlate(Integration)
    wanted = (
        select(Publication)
        .select_from(Integration)
        .join(Publication, Publication.id == latest.scalar_subquery() if newest else of_pair)
        .join(consumers, consumers.id == Integration.consumer_id)
        .join(providers, providers.id == Integration.provider_id)
        .order_by(consumers.name, providers.name, version.desc() if descending else version)
    )
    if consumer is not None:
        wanted = wanted.where(Integration.consumer_id == consumer.id)
    return wanted if provider is None else wanted.where(Integration.provider_id == provider.id)


def describe(session: Session, found: Iterable[Publication]) -> list[Found]:
    """Return the publications, in their order, with their pairs and their versions' numbers."""
    listed = list(found)
    consumers, providers = aliased(Participant), aliased(Participant)
    wanted = (
        select(Publication.id, consumers, providers, Version.number)
        .join(consumers, consumers.id == Publication.consumer_id)
        .join(providers, providers.id == Publication.provider_id)
        .join(Version, Version.id == Publication.consumer_version_id)
        .where(among(Publication.id, [each.id for each in listed]))
    )
    described = {
        key: (Pair(consumer, other), number) for key, consumer, other, number in session.execute(wanted)
    }
    return [Found(*described[each.id], each) for each in listed]


def get_publication(session: Session, pair: Pair, number: str) -> Found:
    """Return the publication in effect of this consumer version; raise NotFound when there is none."""
    found = _find_newest(session, pair, Version.number == number)
    if found is None:
        raise NotFound(f"{pair.consumer.name} {number} has no pact with {pair.provider.name}")
    return found


def get_publication_of(session: Session, pair: Pair, content: Content, numbers: Iterable[str] = ()) -> Found:
    """Return the newest publication of this content, as find_publication_of; raise NotFound when all are gone."""
    found = find_publication_of(session, pair, content, numbers)
    if found is None:
        raise NotFound(f"No consumer version has the content {content.fingerprint} any more")
    return found


def find_publication_of(
    session: Session, pair: Pair, content: Content, numbers: Iterable[str] = ()
) -> Found | None:
    """Return the newest publication of this content, or None; one in effect is preferred, and so are these versions."""
    wanted = (
        select(Version.number, Publication)
        .join(Publication, Publication.consumer_version_id == Version.id)
        .where(Publication.content_id == content.id)
        .order_by(
            case((Version.number.in_(list(numbers)), 0), else_=1),
            Publication.in_effect.desc(),
            Publication.consumer_version_id.desc(),
            Publication.id.desc(),
        )
    )
    found = session.execute(wanted.limit(1)).one_or_none()
    return None if found is None else Found(pair, *found)


def get_newest(session: Session, pair: Pair, place: Place = ANYWHERE) -> Found:
    """Return the publication of the pair's newest version at this place; raise NotFound when there is none."""
    found = find_newest(session, pair, place)
    if found is None:
        raise NotFound(f"{pair.consumer.name} has no pact with {pair.provider.name} of {place}")
    return found


def find_newest(session: Session, pair: Pair, place: Place = ANYWHERE) -> Found | None:
    """Return the publication of the pair's newest version at this place, or None."""
    return _find_newest(session, pair, *_standing(place))


def find_previous_distinct(session: Session, pair: Pair, later: Publication) -> Found | None:
    """Return the publication of the newest version before this one whose content is another, or None."""
    earlier = Publication.consumer_version_id < later.consumer_version_id
    is_other = Publication.content_id != later.content_id
    return _find_newest(session, pair, earlier, is_other)


def select_contents(pair: Pair, place: Place) -> Select[int]:
    """Return the query for the ids of the contents that the pair has at this place."""
    return select(Publication.content_id).where(*_of(pair), Publication.in_effect, *_standing(place))


def delete_publications(session: Session, pair: Pair, found: Iterable[Publication]) -> None:
    """Delete these publications of the pair with their earlier revisions; contents and their results stay."""
    wanted = delete(Publication).where(*_of(pair))
    versions = [each.consumer_version_id for each in found]
    session.execute(wanted.where(among(Publication.consumer_version_id, versions)))


def _find_newest(session: Session, pair: Pair, *conditions: ColumnElement[bool]) -> Found | None:
    wanted = (
        select(Version.number, Publication)
        .join(Publication, Publication.consumer_version_id == Version.id)
        .where(*_of(pair), Publication.in_effect, *conditions)
        .order_by(Publication.consumer_version_id.desc())
        .limit(1)
    )
    found = session.execute(wanted).one_or_none()
    return None if found is None else Found(pair, *found)


def _of(pair: Pair) -> tuple[ColumnElement[bool], ...]:
    return Publication.consumer_id == pair.consumer.id, Publication.provider_id == pair.provider.id


def _of_integration(place: Place) -> ColumnElement[bool]:
    return and_(
        Publication.in_effect,
        Publication.consumer_id == Integration.consumer_id,
        Publication.provider_id == Integration.provider_id,
        *_standing(place),
    )


def _standing(place: Place) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions under which a publication's version stands at the place."""
    tagged = exists().where(Tag.version_id == Publication.consumer_version_id)
    if place.untagged:
        yield ~tagged
    if place.tag is not None:
        yield tagged.where(Tag.name == place.tag)
    if place.branch is not None or place.main_branch:
        yield _on_branch(place)


def _on_branch(place: Place) -> ColumnElement[bool]:
    member = BranchHead if place.head else BranchVersion
    on_branch = (
        select(Branch.id)
        .join(member, member.branch_id == Branch.id)
        .where(member.version_id == Publication.consumer_version_id)
    )
    if place.branch is not None:
        return on_branch.where(Branch.name == place.branch).exists()
    main = on_branch.join(Participant, Participant.id == Branch.participant_id)
    return main.where(Branch.name == Participant.main_branch).exists()
