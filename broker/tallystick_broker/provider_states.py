"""Provider states: what the consumers of a provider want it to be in, gathered from their contracts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tallystick_broker.db import among
from tallystick_broker.for_verification.request import Request, Selector
from tallystick_broker.for_verification.selection import select_contracts
from tallystick_broker.models import Content, Participant
from tallystick_contracts.documents import compact, read
from tallystick_contracts.interactions import states


@dataclass(frozen=True)
class WantedState:
    """A state with its parameters, and the names of the consumers that want it."""

    name: str
    params: Mapping[str, Any]
    consumers: tuple[str, ...]


def gather_states(session: Session, provider: Participant, selector: Selector) -> list[WantedState]:
    """Return what the consumers' contracts that the selector finds want of the provider, by name.

    Equal states with equal parameters are one (the rule of the Pact Broker). Two statements, however many
    consumers there are.
    """
    entries = select_contracts(session, provider, Request(((selector, None),)))
    ids = {entry.content_id for entry in entries}
    wanted = select(Content.id, Content.document).where(among(Content.id, ids))
    documents = {key: read(document) for key, document in session.execute(wanted)}
    return _merge((entry.consumer, documents[entry.content_id]) for entry in entries)


def _merge(contracts: Iterable[tuple[str, Any]]) -> list[WantedState]:
    params: dict[tuple[str, str], Mapping[str, Any]] = {}
    consumers: dict[tuple[str, str], set[str]] = {}
    for consumer, document in contracts:
        for state in states(document):
            key = state.name, compact(dict(sorted(state.params.items())))
            params.setdefault(key, state.params)
            consumers.setdefault(key, set()).add(consumer)
    return [WantedState(key[0], params[key], tuple(sorted(consumers[key]))) for key in sorted(params)]
