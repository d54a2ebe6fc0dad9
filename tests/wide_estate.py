"""An estate of 300 services, as a running broker knows it, and the address of each page about its busiest ones."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

import live
from histories.bulk import fill
from histories.shapes import SHAPES
from histories.telling import tell
from tallystick_broker import db, schema
from tallystick_broker.models import Integration, Participant, Publication, Version

SHAPE = replace(SHAPES["wide"], versions=900, verifications=2_500)
"""As wide as the benchmarks' own, with a shorter history."""

ALIKE = (
    "tbody > tr:nth-child(n+4)",
    "tbody > tr > :nth-child(n+8)",
    "main li:nth-child(n+4)",
    ".stack > :nth-child(n+4)",
    "main g > g:nth-child(n+20)",
)
"""Rows, columns and items that are like those before them."""


@contextmanager
def wide_broker(folder: Path) -> Iterator[dict[str, str]]:
    """Yield the address of each page by its name, of a running broker that knows the estate."""
    database_url = f"sqlite:///{folder / 'wide.db'}"
    engine = db.connect(database_url)
    schema.upgrade(engine)
    fill(engine, tell(SHAPE))
    paths = db.read(db.sessions(engine), find_pages)
    engine.dispose()
    with live.broker(database_url, folder) as base_url:
        yield {name: base_url + path for name, path in paths.items()}


def find_pages(session: Session) -> dict[str, str]:
    """Return the path of each page: about the service with most consumers, and a consumer of it that changed last."""
    consumer, provider = aliased(Participant), aliased(Participant)
    hub = (
        select(Integration.provider_id)
        .group_by(Integration.provider_id)
        .order_by(func.count().desc())
        .limit(1)
        .scalar_subquery()
    )
    newest = (
        select(consumer.name, provider.name, Version.number)
        .select_from(Publication)
        .join(consumer, consumer.id == Publication.consumer_id)
        .join(provider, provider.id == Publication.provider_id)
        .join(Version, Version.id == Publication.consumer_version_id)
        .where(Publication.provider_id == hub)
        .order_by(Publication.id.desc())
        .limit(1)
    )
    one, other, number = (quote(each, safe="") for each in session.execute(newest).one())
    pair, service = f"provider/{other}/consumer/{one}", f"/pacticipants/{other}"
    return {
        "integrations": "/",
        "integrations-failed": "/?status=failed&sort=contract&page=2",
        "services": "/pacticipants",
        "search": "/search?q=service-1",
        "matrix": f"/matrix/{pair}",
        "matrix-list": f"/matrix/{pair}?view=list",
        "contract": f"/pacts/{pair}/version/{number}",
        "history": f"/pacts/{pair}/versions",
        "changes": f"/pacts/{pair}/version/{number}/diff/previous-distinct",
        "service": service,
        "service-matrix": f"{service}/matrix",
        "versions": f"{service}/versions",
        "branches": f"{service}/branches",
        "version": f"/pacticipants/{one}/versions/{number}",
        "states": f"{service}/provider-states",
        "environments": "/environments",
        "gate": f"/can-i-deploy?pacticipant={other}&environment=production",
        "undeploy": f"/can-i-undeploy?pacticipant={other}&environment=production",
        "plan": "/plan?environment=production",
        "network": "/network",
        "network-around": f"/network?service={other}&depth=2",
        "activity": "/activity",
        "activity-of-service": f"/activity?service={other}",
    }
