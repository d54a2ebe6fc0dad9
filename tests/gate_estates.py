"""How many estates the gate is tried in, and how they get into a database."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from hypothesis import HealthCheck, Phase, settings
from sqlalchemy.orm import Session

from definition import Side
from estates import PLACE, Estate
from histories.bulk import write
from tallystick_broker.models import now
from tallystick_broker.overrides import Decision, create_override

USUAL = settings(
    deadline=None,
    derandomize=True,
    max_examples=300,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.differing_executors,
    ],
)
PROFILES = {
    "usual": USUAL,
    # Other estates each night.
    "nightly": settings(USUAL, derandomize=False, max_examples=10_000),
    # Where a failure is what is hoped for, there is no need for the smallest one.
    "mutations": settings(USUAL, phases=[Phase.generate]),
}
ESTATES = PROFILES[os.environ.get("TALLYSTICK_TEST_PROFILE", "usual")]


@contextmanager
def told(estate: Estate, session: Session, overridden: Iterable[tuple[Side, Side]] = ()) -> Iterator[None]:
    """Make the estate and these overrides happen for as long as the block lasts."""
    with session.begin_nested() as savepoint:
        write(session.connection(), estate.tell())
        for consumer, provider in overridden:
            decision = Decision(
                PLACE,
                consumer[0],
                provider[0],
                "hotfix",
                "ada",
                now() + timedelta(days=1),
                consumer[1] or "",
                provider[1] or "",
            )
            create_override(session, decision, timedelta(days=2))
        yield
        savepoint.rollback()
    session.expunge_all()
