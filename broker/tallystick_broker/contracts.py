"""Contracts: published, refused when they contradict what a version has published before, and found again."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import case, select, update
from sqlalchemy.orm import Session, aliased

from tallystick_broker.db import find_or_create, insert
from tallystick_broker.errors import Conflict, NotFound
from tallystick_broker.models import Content, Integration, Participant, Publication, Result, Version, now
from tallystick_broker.participants import ensure_participant, get_participant, refuse_lookalikes
from tallystick_contracts.documents import compact, read
from tallystick_contracts.fingerprint import fingerprint, with_ids
from tallystick_contracts.merging import MergeConflict, merge


class Outcome(StrEnum):
    """What publishing made of a contract."""

    CREATED = "created"
    UNCHANGED = "unchanged"
    MERGED = "merged"


@dataclass(frozen=True)
class Contract:
    """A contract to publish: its document is a Pact file's content."""

    consumer: str
    provider: str
    document: Any
    merge: bool = False


@dataclass(frozen=True)
class Published:
    """A contract that was published, and what came of it."""

    contract: Contract
    outcome: Outcome
    content: Content
    content_is_new: bool
    has_results: bool


class ContentConflict(Conflict):
    """Contracts that differ from what the same consumer version has published; `pairs` has both documents."""

    def __init__(self, message: str, pairs: list[tuple[Any, Any]]) -> None:
        super().__init__(message)
        self.pairs = pairs


@dataclass(frozen=True)
class Pair:
    """A consumer and a provider."""

    consumer: Participant
    provider: Participant

    @property
    def key(self) -> dict[str, int]:
        """The columns by which rows belong to this pair."""
        return {"consumer_id": self.consumer.id, "provider_id": self.provider.id}


def get_pair(session: Session, provider: str, consumer: str) -> Pair:
    """Return both participants; raise NotFound, naming the role, for the one that is unknown."""
    return Pair(
        get_participant(session, consumer, "consumer"), get_participant(session, provider, "provider")
    )


def check_conflicts(session: Session, consumer: str, number: str, contracts: list[Contract]) -> None:
    """Raise Conflict unless all these contracts of this consumer version may be published.

    A participant that is new must not have almost the name of another; a contract that the version has published
    for the same provider must have an equal fingerprint, or be mergeable when that was asked for.
    """
    providers = [contract.provider for contract in contracts]
    refuse_lookalikes(session, [consumer, *providers])
    stored = _find_published(session, consumer, number, providers)
    found = [
        (contract, stored[contract.provider], fault)
        for contract in contracts
        if contract.provider in stored and (fault := _find_fault(stored[contract.provider], contract))
    ]
    if found:
        texts = [_conflict_text(contract, number, fault) for contract, _, fault in found]
        documents = [(read(content.document), contract.document) for contract, content, _ in found]
        raise ContentConflict("\n".join(texts), documents)


def publish(session: Session, version: Version, contracts: list[Contract]) -> list[Published]:
    """Publish these contracts of one consumer version; check_conflicts has to come first."""
    return [_publish_one(session, version, contract) for contract in contracts]


def touch_integration(session: Session, consumer_id: int, provider_id: int) -> None:
    """Note that the contract data of the pair changed just now, and that the pair exists."""
    moment = now()
    values = {"consumer_id": consumer_id, "provider_id": provider_id, "contract_data_updated_at": moment}
    session.execute(
        insert(session, Integration)
        .values(**values)
        .on_conflict_do_update(
            index_elements=["consumer_id", "provider_id"],
            set_={"contract_data_updated_at": moment, "updated_at": moment},
        )
    )


def get_content(session: Session, pair: Pair, sha: str) -> Content:
    """Return the content of the pair with this fingerprint; raise NotFound when there is none."""
    found = session.scalars(select(Content).filter_by(**pair.key, fingerprint=sha)).one_or_none()
    if found is None:
        raise NotFound(f"No pact of {pair.consumer.name} with {pair.provider.name} has the content {sha}")
    return found


def get_publication(session: Session, pair: Pair, number: str) -> Publication:
    """Return the publication in effect of this consumer version; raise NotFound when there is none."""
    wanted = select(Publication).join(Version, Version.id == Publication.consumer_version_id)
    found = session.scalars(
        wanted.filter(Version.number == number).filter_by(in_effect=True).where(*_of(pair))
    ).one_or_none()
    if found is None:
        raise NotFound(f"{pair.consumer.name} {number} has no pact with {pair.provider.name}")
    return found


def get_publication_of(session: Session, content: Content, numbers: Iterable[str] = ()) -> Publication:
    """Return the newest publication of this content, as find_publication_of; raise NotFound when all are gone."""
    found = find_publication_of(session, content, numbers)
    if found is None:
        raise NotFound(f"No consumer version has the content {content.fingerprint} any more")
    return found


def find_publication_of(
    session: Session, content: Content, numbers: Iterable[str] = ()
) -> Publication | None:
    """Return the newest publication of this content, or None; one in effect is preferred, and so are these versions."""
    wanted = select(Publication).join(Version, Version.id == Publication.consumer_version_id)
    preferred = case((Version.number.in_(list(numbers)), 0), else_=1)
    wanted = wanted.where(Publication.content_id == content.id).order_by(
        preferred, Publication.in_effect.desc(), Publication.consumer_version_id.desc(), Publication.id.desc()
    )
    return session.scalars(wanted.limit(1)).one_or_none()


def name_in(document: Any, role: str) -> Any:
    """Return what the document names its consumer or provider, whichever the role is; None when it does not."""
    party = document.get(role) if isinstance(document, dict) else None
    return party.get("name") if isinstance(party, dict) else None


def _of(pair: Pair) -> tuple[Any, Any]:
    return Publication.consumer_id == pair.consumer.id, Publication.provider_id == pair.provider.id


def _find_published(
    session: Session, consumer: str, number: str, providers: Iterable[str]
) -> dict[str, Content]:
    """Return what this consumer version has published for these providers, by their names."""
    owner, provider = aliased(Participant), aliased(Participant)
    wanted = (
        select(provider.name, Content)
        .select_from(Publication)
        .join(Content, Content.id == Publication.content_id)
        .join(Version, Version.id == Publication.consumer_version_id)
        .join(owner, owner.id == Version.participant_id)
        .join(provider, provider.id == Publication.provider_id)
        .where(Publication.in_effect, Version.number == number, owner.name == consumer)
        .where(provider.name.in_(providers))
    )
    return dict(session.execute(wanted).all())


def _find_fault(stored: Content, contract: Contract) -> str | None:
    """Return why the contract may not follow what is stored, or None when it may."""
    if stored.fingerprint == fingerprint(contract.document):
        return None
    if not contract.merge:
        return "whose content is different"
    try:
        merge(read(stored.document), contract.document)
    except MergeConflict as conflict:
        return f"with which this one can't be merged: {conflict}"
    return None


def _conflict_text(contract: Contract, number: str, fault: str) -> str:
    return (
        f"{contract.consumer} {number} has already published a pact with {contract.provider} {fault}. "
        "The content of a version does not change once it is published, or its verification results would be "
        "about something else: publish under a new version number. If nothing was changed on purpose, look for "
        "random values (times, identifiers) in the pact."
    )


def _publish_one(session: Session, version: Version, contract: Contract) -> Published:
    provider = ensure_participant(session, contract.provider)
    key = {"consumer_version_id": version.id, "provider_id": provider.id}
    present = session.scalars(select(Publication).filter_by(**key, in_effect=True)).one_or_none()
    document = contract.document
    if present is not None and contract.merge:
        document = merge(read(session.get_one(Content, present.content_id).document), document)
    content, content_is_new = _store(session, version.participant_id, provider.id, document)
    outcome = _outcome(present, content)
    if outcome is not Outcome.UNCHANGED:
        _put_in_effect(session, version, content, present)
    touch_integration(session, version.participant_id, provider.id)
    results = select(Result.id).filter_by(consumer_id=version.participant_id, provider_id=provider.id)
    has_results = session.scalar(results.limit(1)) is not None
    return Published(contract, outcome, content, content_is_new, has_results)


def _store(session: Session, consumer_id: int, provider_id: int, document: Any) -> tuple[Content, bool]:
    key = {"consumer_id": consumer_id, "provider_id": provider_id, "fingerprint": fingerprint(document)}
    others = {
        "document": compact(with_ids(document), ascii_only=True),
        "interactions_count": _count(document, "interactions"),
        "messages_count": _count(document, "messages"),
    }
    return find_or_create(session, Content, key, others)


def _count(document: Any, member: str) -> int:
    items = document.get(member) if isinstance(document, dict) else None
    return len(items) if isinstance(items, list) else 0


def _outcome(present: Publication | None, content: Content) -> Outcome:
    if present is None:
        return Outcome.CREATED
    return Outcome.UNCHANGED if present.content_id == content.id else Outcome.MERGED


def _put_in_effect(session: Session, version: Version, content: Content, present: Publication | None) -> None:
    if present is not None:
        session.execute(update(Publication).filter_by(id=present.id).values(in_effect=False))
    session.add(
        Publication(
            consumer_id=content.consumer_id,
            consumer_version_id=version.id,
            provider_id=content.provider_id,
            content_id=content.id,
            revision=present.revision + 1 if present is not None else 1,
            in_effect=True,
        )
    )
    session.flush()
