"""What a search finds: services, branches and versions by their names."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from tallystick_broker.models import Branch, BranchHead, Participant, Version
from tallystick_broker.participants import select_participants

MOST = 20
SHORTEST = 2
"""Characters from which on branches and versions are looked for."""

LAST = "\U0010ffff"
"""The character after all others: what begins with a text is between the text and the text with it."""


@dataclass(frozen=True)
class Finds:
    """At most MOST of each kind; of branches and versions those whose names begin with the text.

    Branches come with the number of their head, both with the service's name.
    """

    services: tuple[str, ...] = ()
    branches: tuple[tuple[str, str, str], ...] = ()
    versions: tuple[tuple[str, str], ...] = ()


def find(session: Session, text: str) -> Finds:
    """Return what has this text in its name; one range of an index for each service, however many versions."""
    if not text:
        return Finds()
    services = session.scalars(select_participants(text).limit(MOST))
    if len(text) < SHORTEST:
        return Finds(tuple(each.name for each in services))
    branches = (
        select(Participant.name, Branch.name, Version.number)
        .join(Branch, Branch.participant_id == Participant.id)
        .join(BranchHead, BranchHead.branch_id == Branch.id)
        .join(Version, Version.id == BranchHead.version_id)
        .where(*begins(Branch.name, text))
        .order_by(Participant.name, Branch.name)
    )
    return Finds(
        tuple(each.name for each in services),
        tuple((name, branch, number) for name, branch, number in session.execute(branches.limit(MOST))),
        tuple((name, number) for name, number in session.execute(_versions(text))),
    )


def _versions(text: str) -> Select[str, str]:
    return (
        select(Participant.name, Version.number)
        .join(Version, Version.participant_id == Participant.id)
        .where(*begins(Version.number, text))
        .order_by(Version.id.desc())
        .limit(MOST)
    )


def begins(column: InstrumentedAttribute[str], text: str) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that the column begins with the text; the first two are a range of an index."""
    return column >= text, column < text + LAST, column.startswith(text, autoescape=True)
