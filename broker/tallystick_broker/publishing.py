"""Publishing: contracts of a consumer version, refused when they contradict what it has published before."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, exists, select, update
from sqlalchemy.orm import Session

from tallystick_broker.contracts import Pair
from tallystick_broker.db import among, find_or_create_all, insert
from tallystick_broker.errors import Conflict
from tallystick_broker.integrations import CONSUMER, PROVIDER, touch_integrations
from tallystick_broker.models import Content, Integration, Participant, Publication, Result, Version
from tallystick_broker.participants import ensure_participants, find_participants, refuse_lookalikes
from tallystick_broker.versions import add_to_branch, ensure_version, tag_version
from tallystick_contracts.documents import compact, read
from tallystick_contracts.fingerprint import fingerprint, with_ids
from tallystick_contracts.merging import MergeConflict, merge

# Written once, because to build such a statement takes longer than the database needs for it.
PRESENT = (
    select(PROVIDER.name, Publication, Content)
    .join(Content, Content.id == Publication.content_id)
    .join(Version, Version.id == Publication.consumer_version_id)
    .join(CONSUMER, CONSUMER.id == Version.participant_id)
    .join(PROVIDER, PROVIDER.id == Publication.provider_id)
    .where(Publication.in_effect, Version.number == bindparam("number"))
    .where(CONSUMER.name == bindparam("consumer"), PROVIDER.name.in_(bindparam("providers", expanding=True)))
)
STORED = select(Content).where(
    Content.consumer_id.in_(bindparam("consumers", expanding=True)),
    among(Content.provider_id, "providers"),
    Content.fingerprint.in_(bindparam("fingerprints", expanding=True)),
)
VERIFIED = select(Integration.provider_id).where(
    Integration.consumer_id == bindparam("consumer"),
    among(Integration.provider_id, "providers"),
    exists().where(
        Result.consumer_id == Integration.consumer_id, Result.provider_id == Integration.provider_id
    ),
)


class Outcome(StrEnum):
    """What publishing made of a contract."""

    CREATED = "created"
    UNCHANGED = "unchanged"
    MERGED = "merged"


@dataclass(frozen=True)
class Contract:
    """A contract to publish: its document is a Pact file's content."""

    provider: str
    document: Any
    merge: bool = False


@dataclass(frozen=True)
class Submission:
    """What a consumer version publishes at once, with one contract for each provider.

    Branch, tags and build URL are left alone when they are not given.
    """

    consumer: str
    number: str
    contracts: Sequence[Contract]
    branch: str | None = None
    tags: Sequence[str] = ()
    build_url: str | None = None


@dataclass(frozen=True)
class Published:
    """A contract that was published, and what came of it."""

    pair: Pair
    content: Content
    publication: Publication
    outcome: Outcome
    has_results: bool


@dataclass(frozen=True)
class Receipt:
    """The version that has published, and its contracts in the order in which they were submitted."""

    version: Version
    version_is_new: bool
    published: Sequence[Published]


class ContentConflict(Conflict):
    """Contracts that differ from what the same consumer version has published; `pairs` has both documents."""

    def __init__(self, message: str, pairs: list[tuple[Any, Any]]) -> None:
        super().__init__(message)
        self.pairs = pairs


Present = Mapping[str, tuple[Publication, Content]]
"""What the version has published before, by the provider's name."""


def publish(session: Session, submission: Submission) -> Receipt:
    """Publish these contracts, all of them or none; as many statements for many contracts as for one.

    Raises Conflict, before anything is written, for a new participant with almost the name of another; and
    ContentConflict for a contract that differs from what the version has published for the same provider, unless
    the two were to be merged and can be.
    """
    names = {submission.consumer, *(each.provider for each in submission.contracts)}
    named = find_participants(session, names)
    new = names - named.keys()
    refuse_lookalikes(session, new)
    present = _find_present(session, submission)
    documents = _settle(session, submission, present)
    named |= ensure_participants(session, new)
    consumer = named[submission.consumer]
    version, version_is_new = ensure_version(session, consumer, submission.number, submission.build_url)
    if submission.branch:
        add_to_branch(session, version, submission.branch)
    tag_version(session, version, submission.tags)
    pairs = {name: Pair(consumer, named[name]) for name in documents}
    contents = _store(session, pairs, documents)
    publications = _put_in_effect(session, version, contents, present)
    touch_integrations(session, pairs.values())
    verified = _find_verified(session, consumer, pairs.values())
    published = [
        Published(
            pairs[name],
            contents[name],
            publications[name],
            _outcome(present, publications, name),
            pairs[name].provider.id in verified,
        )
        for name in documents
    ]
    return Receipt(version, version_is_new, published)


def _find_present(session: Session, submission: Submission) -> Present:
    providers = [each.provider for each in submission.contracts]
    given = {"consumer": submission.consumer, "number": submission.number, "providers": providers}
    return {name: (publication, content) for name, publication, content in session.execute(PRESENT, given)}


def _settle(session: Session, submission: Submission, present: Present) -> dict[str, Any]:
    """Return the document that is to be in effect for each provider; raise ContentConflict where there is none."""
    documents = {each.provider: each.document for each in submission.contracts}
    stored = _read_differing(session, documents, present)
    faults: list[tuple[Contract, str]] = []
    for each in (each for each in submission.contracts if each.provider in stored):
        if not each.merge:
            faults.append((each, "whose content is different"))
            continue
        try:
            documents[each.provider] = merge(stored[each.provider], each.document)
        except MergeConflict as conflict:
            faults.append((each, f"with which this one can't be merged: {conflict}"))
    if faults:
        texts = [_conflict_text(submission, each.provider, fault) for each, fault in faults]
        raise ContentConflict(
            "\n".join(texts), [(stored[each.provider], each.document) for each, _ in faults]
        )
    return documents


def _read_differing(session: Session, documents: Mapping[str, Any], present: Present) -> dict[str, Any]:
    """Return what is stored for each provider whose document has another fingerprint."""
    differing = {
        content.id: name
        for name, (_, content) in present.items()
        if content.fingerprint != fingerprint(documents[name])
    }
    if not differing:
        return {}
    wanted = select(Content.id, Content.document).where(among(Content.id, differing))
    return {differing[key]: read(document) for key, document in session.execute(wanted)}


def _conflict_text(submission: Submission, provider: str, fault: str) -> str:
    return (
        f"{submission.consumer} {submission.number} has already published a pact with {provider} {fault}. "
        "The content of a version does not change once it is published, or its verification results would be "
        "about something else: publish under a new version number. If nothing was changed on purpose, look for "
        "random values (times, identifiers) in the pact."
    )


def _store(session: Session, pairs: Mapping[str, Pair], documents: Mapping[str, Any]) -> dict[str, Content]:
    """Return the content of each provider's document, which is stored once for all versions that have it."""
    prints = {name: fingerprint(document) for name, document in documents.items()}
    rows = {
        (pair.provider.id, prints[name]): pair.key
        | {
            "fingerprint": prints[name],
            "document": compact(with_ids(documents[name]), ascii_only=True),
            "interactions_count": _count(documents[name], "interactions"),
            "messages_count": _count(documents[name], "messages"),
        }
        for name, pair in sorted(pairs.items())
    }
    given = {
        "consumers": [*{pair.consumer.id for pair in pairs.values()}],
        "providers": [pair.provider.id for pair in pairs.values()],
        "fingerprints": [*prints.values()],
    }
    found, _ = find_or_create_all(
        session, Content, STORED, rows, lambda content: (content.provider_id, content.fingerprint), given
    )
    return {name: found[pair.provider.id, prints[name]] for name, pair in pairs.items()}


def _count(document: Any, member: str) -> int:
    items = document.get(member) if isinstance(document, dict) else None
    return len(items) if isinstance(items, list) else 0


def _put_in_effect(
    session: Session, version: Version, contents: Mapping[str, Content], present: Present
) -> dict[str, Publication]:
    """Return the version's publication of each content; what it replaces is in effect no more."""
    before = {name: publication for name, (publication, _) in present.items()}
    replaced = [each.id for name, each in before.items() if each.content_id != contents[name].id]
    if replaced:
        session.execute(update(Publication).where(among(Publication.id, replaced)).values(in_effect=False))
    kept = {name: each for name, each in before.items() if each.id not in replaced}
    rows = [
        {
            "consumer_id": content.consumer_id,
            "consumer_version_id": version.id,
            "provider_id": content.provider_id,
            "content_id": content.id,
            "revision": before[name].revision + 1 if name in before else 1,
            "in_effect": True,
        }
        for name, content in sorted(contents.items())
        if name not in kept
    ]
    new: dict[int, Publication] = {}
    if rows:
        made = session.scalars(insert(session, Publication).returning(Publication), rows)
        new = {each.content_id: each for each in made}
    return {name: kept.get(name) or new[content.id] for name, content in contents.items()}


def _find_verified(session: Session, consumer: Participant, pairs: Iterable[Pair]) -> set[int]:
    """Return the ids of those of the providers that have published a result for any contract of the consumer."""
    given = {"consumer": consumer.id, "providers": [pair.provider.id for pair in pairs]}
    return set(session.scalars(VERIFIED, given))


def _outcome(present: Present, publications: Mapping[str, Publication], name: str) -> Outcome:
    if name not in present:
        return Outcome.CREATED
    return Outcome.UNCHANGED if present[name][0] is publications[name] else Outcome.MERGED
