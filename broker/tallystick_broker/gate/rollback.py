"""Can we go back? The gate's verdict on each version that was live in an environment before."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select, union_all
from sqlalchemy.orm import Session

from tallystick_broker.gate.facts import Facts
from tallystick_broker.gate.live import read_facts
from tallystick_broker.gate.question import Question, Selector, Target
from tallystick_broker.gate.selection import UnknownNames
from tallystick_broker.gate.verdict import Verdict, judge
from tallystick_broker.models import (
    DeployedVersion,
    Environment,
    LiveVersion,
    Participant,
    ReleasedVersion,
    Version,
)


@dataclass(frozen=True)
class Candidate:
    """A version that was live before, until when, and whether it could be live again."""

    number: str
    live_until: datetime
    verdict: Verdict


def ask_rollback(
    session: Session, participant: str, environment: str, last: int, ignore: tuple[Selector, ...] = ()
) -> list[Candidate]:
    """Return the versions of the participant that were live there last and are not now, the newest first.

    Raises UnknownNames when there is no such participant or environment.
    """
    ids = select(
        select(Participant.id).filter_by(name=participant).scalar_subquery(),
        select(Environment.id).filter_by(name=environment).scalar_subquery(),
    )
    participant_id, environment_id = session.execute(ids).one()
    if participant_id is None or environment_id is None:
        raise UnknownNames([] if participant_id else [participant], None if environment_id else environment)
    former = _find_former(session, participant_id, environment_id, last)
    if not former:
        return []
    selectors = tuple(Selector(participant, number) for number, _ in former)
    facts = read_facts(session, Question(selectors, Target(environment=environment), ignore))
    return [
        Candidate(number, live_until, judge(_restrict(facts, selector)))
        for (number, live_until), selector in zip(former, selectors, strict=True)
    ]


def _find_former(
    session: Session, participant_id: int, environment_id: int, last: int
) -> list[tuple[str, datetime]]:
    """Return the versions that are live no longer and when they were live last, the newest first."""
    ended = union_all(
        *(
            select(model.version_id, end.label("at"))
            .where(model.participant_id == participant_id, model.environment_id == environment_id)
            .where(end.is_not(None))
            for model, end in (
                (DeployedVersion, DeployedVersion.undeployed_at),
                (ReleasedVersion, ReleasedVersion.support_ended_at),
            )
        )
    ).subquery()
    live = select(LiveVersion.version_id).filter_by(
        participant_id=participant_id, environment_id=environment_id
    )
    at = func.max(ended.c.at)
    wanted = (
        select(Version.number, at)
        .join(ended, ended.c.version_id == Version.id)
        .where(Version.id.not_in(live))
        .group_by(Version.id)
        .order_by(at.desc(), Version.id.desc())
        .limit(last)
    )
    return [(number, moment) for number, moment in session.execute(wanted)]


def _restrict(facts: Facts, selector: Selector) -> Facts:
    """Return the facts about one of the versions that were asked about."""
    others = {each.version_id for each in facts.selected if not each.inferred and each.selector != selector}
    kept = [each for each in facts.selected if each.inferred or each.selector == selector]
    mine = {each.version_id for each in kept if not each.inferred}
    rows = tuple(
        row
        for row in facts.rows
        if not mine.isdisjoint(sides := (row.consumer.id, row.verifier.id)) and others.isdisjoint(sides)
    )
    question = replace(facts.question, selectors=(selector,))
    return replace(facts, question=question, selected=tuple(kept), rows=rows, required=())
