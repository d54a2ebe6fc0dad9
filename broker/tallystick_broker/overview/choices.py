"""Choices: which versions of a participant are meant, by what points at them."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from tallystick_broker.errors import Invalid
from tallystick_broker.models import (
    Branch,
    BranchHead,
    BranchVersion,
    Environment,
    LiveVersion,
    Participant,
    Tag,
)
from tallystick_broker.versions import select_branches

MOST = 50
"""Branches and tags that are offered; any other can be written into the address."""


class Kind(StrEnum):
    """What points at the versions that are meant."""

    ALL = "all"
    HEADS = "heads"
    LIVE = "live"
    BRANCH = "branch"
    ENVIRONMENT = "environment"
    TAG = "tag"


NAMED = {Kind.BRANCH, Kind.ENVIRONMENT, Kind.TAG}


@dataclass(frozen=True)
class Choice:
    """Versions of one kind; some kinds need a name."""

    kind: Kind = Kind.ALL
    name: str = ""

    def __str__(self) -> str:
        """Return the choice as it is written in an address; nothing for all versions."""
        return f"{self.kind}:{self.name}" if self.name else "" if self.kind is Kind.ALL else self.kind.value


EVERYTHING = Choice()


@dataclass(frozen=True)
class Offer:
    """What may be chosen: the branches that were touched last, environments, and tags by name."""

    branches: tuple[str, ...]
    environments: tuple[str, ...]
    tags: tuple[str, ...]


def read_choice(text: str, field: str) -> Choice:
    """Return the choice in a parameter like `branch:main` or `heads`; raise Invalid, naming the field, for another."""
    kind, _, name = text.partition(":")
    if not text:
        return EVERYTHING
    if kind not in list(Kind) or (Kind(kind) in NAMED) != bool(name):
        forms = ", ".join(f"{each}:<name>" if each in NAMED else each for each in Kind)
        raise Invalid({field: [f"must be one of {forms}, not {text!r}"]})
    return Choice(Kind(kind), name)


def select_chosen(participant: Participant, choice: Choice) -> Select[int] | None:
    """Return the query for the ids of the versions that are meant; None for all of them."""
    of_branch = select(BranchVersion.version_id).join(Branch, Branch.id == BranchVersion.branch_id)
    live = select(LiveVersion.version_id).filter_by(participant_id=participant.id)
    heads = select(BranchHead.version_id).join(Branch, Branch.id == BranchHead.branch_id)
    place = live.join(Environment, Environment.id == LiveVersion.environment_id)
    queries = {
        Kind.HEADS: heads.where(Branch.participant_id == participant.id),
        Kind.LIVE: live,
        Kind.BRANCH: of_branch.where(Branch.participant_id == participant.id, Branch.name == choice.name),
        Kind.ENVIRONMENT: place.where(Environment.name == choice.name),
        Kind.TAG: select(Tag.version_id).filter_by(participant_id=participant.id, name=choice.name),
    }
    return queries.get(choice.kind)


def offer(session: Session, participant: Participant) -> Offer:
    """Return what may be chosen of the participant's versions."""
    places = select(Environment.name).order_by(Environment.production.desc(), Environment.name)
    branches = session.scalars(select_branches(participant).limit(MOST))
    return Offer(
        tuple(each.name for each in branches),
        tuple(session.scalars(places)),
        tuple(session.scalars(_select_tags(participant))),
    )


def _select_tags(participant: Participant) -> Select[str]:
    """Return the query for the names of the participant's tags: one look-up for each, however often it was given."""
    own, after = select(func.min(Tag.name)).filter_by(participant_id=participant.id), aliased(Tag)
    found = own.cte("names", recursive=True)
    name = found.c[0]
    following = select(func.min(after.name)).where(after.participant_id == participant.id, after.name > name)
    names = found.union_all(select(following.correlate(found).scalar_subquery()).where(name.is_not(None)))
    return select(names.c[0]).where(names.c[0].is_not(None)).limit(MOST)
