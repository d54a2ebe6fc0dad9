"""Whether the hot look-ups use the indexes that were made for them."""

from typing import Any

import pytest
from sqlalchemy import Engine, Select, select, text
from sqlalchemy.orm import Session

from tallystick_broker.models import Publication

NEWEST = select(Publication.id).where(
    Publication.in_effect, Publication.provider_id == 1, Publication.consumer_id == 2
)
OF_VERSION = select(Publication.id).where(
    Publication.in_effect, Publication.consumer_version_id == 1, Publication.provider_id == 2
)


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (NEWEST.order_by(Publication.consumer_version_id.desc()).limit(1), "ix_publications_pair"),
        (OF_VERSION, "uq_publications_in_effect"),
    ],
)
def test_what_is_in_effect_is_one_look_up(
    session: Session, engine: Engine, wanted: Select[Any], index: str
) -> None:
    """Publications that were replaced must not be read to find the one that counts."""
    statement = str(wanted.compile(engine, compile_kwargs={"literal_binds": True}))
    if engine.dialect.name == "postgresql":
        session.execute(text("SET LOCAL enable_seqscan = off"))  # a table of no rows is read whole otherwise
    explain = "EXPLAIN " if engine.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN "
    plan = " ".join(str(row) for row in session.execute(text(explain + statement)))
    assert index in plan, plan
