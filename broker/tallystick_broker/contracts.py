"""Contracts: what a consumer expects of a provider, found by its pair and its fingerprint."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from tallystick_broker.errors import NotFound
from tallystick_broker.models import Content, Participant
from tallystick_broker.participants import get_participants


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
    return Pair(**get_participants(session, {"consumer": consumer, "provider": provider}))


def get_content(session: Session, pair: Pair, sha: str, *, with_document: bool = False) -> Content:
    """Return the content of the pair with this fingerprint; raise NotFound when there is none."""
    wanted = select(Content).filter_by(**pair.key, fingerprint=sha)
    found = session.scalars(
        wanted.options(undefer(Content.document)) if with_document else wanted
    ).one_or_none()
    if found is None:
        raise NotFound(f"No pact of {pair.consumer.name} with {pair.provider.name} has the content {sha}")
    return found


def name_in(document: Any, role: str) -> Any:
    """Return what the document names its consumer or provider, whichever the role is; None when it does not."""
    party = document.get(role) if isinstance(document, dict) else None
    return party.get("name") if isinstance(party, dict) else None
