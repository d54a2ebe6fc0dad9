"""The board: services against environments, with what is live there, and what keeps the head of main out."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from tallystick_broker.db import among
from tallystick_broker.models import Integration, Participant
from tallystick_broker.overview.marks import OnBranch, Place, find_branches
from tallystick_broker.overview.neighbours import find_places
from tallystick_broker.overview.outcomes import Encounter, Settled, settle
from tallystick_broker.overview.presence import Presence, find_presence
from tallystick_broker.overview.services import Head, find_main_heads
from tallystick_broker.participants import select_participants

PAGE = 40
NOBODY = 0
"""In an encounter the id of no version: such an encounter tells whether there is a contract at all."""


class Why(StrEnum):
    """Why a version can't go somewhere."""

    FAILED = "failed"
    UNVERIFIED = "unverified"
    NOT_LIVE = "not live"


@dataclass(frozen=True)
class Block:
    """What keeps a version from going somewhere: another service, and its version if it is live there."""

    why: Why
    other: str
    number: str | None
    consumes: bool
    """Whether the other service is the consumer."""


@dataclass(frozen=True)
class Cell:
    """What is live of a service in an environment, and what keeps the head of main out.

    `is_live` says that the head is live there already.
    """

    presence: tuple[Presence, ...]
    is_live: bool
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Row:
    """A service with its head of main, if it has one, and a cell for each environment."""

    name: str
    head: Head | None
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Board:
    """A page of the board; `branches` are those of the versions that are live."""

    places: tuple[Place, ...]
    rows: tuple[Row, ...]
    total: int
    branches: Mapping[int, tuple[OnBranch, ...]]


@dataclass(frozen=True)
class Facts:
    """What the board is judged by, each by participant, and how versions that may meet are settled."""

    names: Mapping[int, str]
    heads: Mapping[int, Head]
    presence: Mapping[int, tuple[Presence, ...]]
    providers: Mapping[int, Collection[int]]
    consumers: Mapping[int, Collection[int]]
    settled: Mapping[Encounter, Settled]

    def live(self, participant_id: int, place: Place) -> dict[int, str]:
        """Return the numbers of the participant's versions that are live there, by their ids."""
        found = self.presence.get(participant_id, ())
        return {each.version_id: each.number for each in found if each.place == place}


def read_board(
    session: Session, text: str = "", label: str = "", environment: str = "", page: int = 1
) -> Board:
    """Return a page of the services by name, with all environments or the one that is named.

    A fixed number of statements, which read what is at heads and live, and nothing of the history.
    """
    wanted = select_participants(text or None, label or None)
    total = session.scalar(select(func.count()).select_from(wanted.order_by(None).subquery())) or 0
    shown = session.scalars(wanted.limit(PAGE).offset(PAGE * (page - 1))).all()
    facts = _read_facts(session, {each.id for each in shown})
    places = tuple(each for each in find_places(session) if environment in ("", each.name))
    rows = tuple(
        Row(each.name, facts.heads.get(each.id), tuple(_cell(facts, each.id, place) for place in places))
        for each in shown
    )
    live = {each.version_id for row in rows for cell in row.cells for each in cell.presence}
    return Board(places, rows, total, find_branches(session, live))


def find_blocks(facts: Facts, participant_id: int, place: Place) -> list[Block]:
    """Return what keeps the participant's head of main out of this environment, as the gate judges it."""
    head = facts.heads[participant_id].version_id
    found: list[Block] = []
    for provider in facts.providers[participant_id]:
        found += _find_missing(facts, head, provider, place, itself=provider == participant_id)
    for consumer in facts.consumers[participant_id]:
        live = facts.live(consumer, place)
        settled = {
            number: facts.settled.get(Encounter(key, participant_id, head)) for key, number in live.items()
        }
        found += _judge(facts.names[consumer], settled, consumes=True)
    return sorted(set(found), key=lambda each: (list(Why).index(each.why), each.other, each.number or ""))


def _read_facts(session: Session, shown: Collection[int]) -> Facts:
    of_shown = or_(among(Integration.consumer_id, shown), among(Integration.provider_id, shown))
    found = session.execute(select(Integration.consumer_id, Integration.provider_id).where(of_shown))
    pairs = [(consumer, provider) for consumer, provider in found]
    concerned = {*shown, *(key for pair in pairs for key in pair)}
    named = session.execute(select(Participant.id, Participant.name).where(among(Participant.id, concerned)))
    heads, presence = find_main_heads(session, shown), find_presence(session, concerned)
    settled = settle(session, _encounters(pairs, heads, presence))
    providers, consumers = defaultdict(list), defaultdict(list)
    for consumer, provider in pairs:
        providers[consumer].append(provider)
        consumers[provider].append(consumer)
    return Facts(dict(named.all()), heads, presence, providers, consumers, settled)


def _encounters(
    pairs: Iterable[tuple[int, int]],
    heads: Mapping[int, Head],
    presence: Mapping[int, tuple[Presence, ...]],
) -> Iterator[Encounter]:
    live = defaultdict(set, {key: {each.version_id for each in found} for key, found in presence.items()})
    for consumer, provider in pairs:
        if consumer in heads:
            itself = {heads[consumer].version_id} if consumer == provider else set()
            for verifier in (NOBODY, *itself, *live[provider]):
                yield Encounter(heads[consumer].version_id, provider, verifier)
        if provider in heads:
            for publisher in live[consumer]:
                yield Encounter(publisher, provider, heads[provider].version_id)


def _cell(facts: Facts, participant_id: int, place: Place) -> Cell:
    presence = tuple(each for each in facts.presence.get(participant_id, ()) if each.place == place)
    head = facts.heads.get(participant_id)
    blocks = find_blocks(facts, participant_id, place) if head else []
    is_live = head is not None and head.version_id in {each.version_id for each in presence}
    return Cell(presence, is_live, tuple(blocks))


def _find_missing(facts: Facts, head: int, provider: int, place: Place, *, itself: bool) -> Iterator[Block]:
    """Yield what of a provider keeps its consumer's head out; a service that consumes itself provides to itself."""
    if Encounter(head, provider, NOBODY) not in facts.settled:
        return
    live = facts.live(provider, place)
    if itself:
        live = live | {head: facts.heads[provider].number}
    elif not live:
        yield Block(Why.NOT_LIVE, facts.names[provider], None, consumes=False)
    settled = {number: facts.settled.get(Encounter(head, provider, key)) for key, number in live.items()}
    yield from _judge(facts.names[provider], settled, consumes=False)


def _judge(other: str, settled: Mapping[str, Settled | None], *, consumes: bool) -> Iterator[Block]:
    for number, known in settled.items():
        if known is not None and known.result is None:
            yield Block(Why.UNVERIFIED, other, number, consumes)
        elif known is not None and known.result and not known.result.success:
            yield Block(Why.FAILED, other, number, consumes)
