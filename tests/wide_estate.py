"""An estate of 300 services, as a running broker knows it, and the address of each page about its busiest ones."""

from collections.abc import Iterator, Mapping
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

PAIR = "provider/{provider}/consumer/{consumer}"
WIDE_PAGES = {
    "integrations": "/",
    "integrations-failed": "/?status=failed&sort=contract&page=2",
    "services": "/pacticipants",
    "search": "/search?q=service-1",
    "matrix": f"/matrix/{PAIR}",
    "matrix-list": f"/matrix/{PAIR}?view=list",
    "contract": f"/pacts/{PAIR}/version/{{number}}",
    "history": f"/pacts/{PAIR}/versions",
    "changes": f"/pacts/{PAIR}/version/{{number}}/diff/previous-distinct",
    "service": "/pacticipants/{provider}",
    "service-matrix": "/pacticipants/{provider}/matrix",
    "versions": "/pacticipants/{provider}/versions",
    "branches": "/pacticipants/{provider}/branches",
    "version": "/pacticipants/{consumer}/versions/{number}",
    "states": "/pacticipants/{provider}/provider-states",
    "environments": "/environments",
    "gate": "/can-i-deploy?pacticipant={provider}&environment=production",
    "undeploy": "/can-i-undeploy?pacticipant={provider}&environment=production",
    "plan": "/plan?environment=production",
    "network": "/network",
    "network-around": "/network?service={provider}&depth=2",
    "activity": "/activity",
    "activity-of-service": "/activity?service={provider}",
}
"""The address of each page about the service with most consumers, and a consumer of it that changed last."""


@contextmanager
def wide_broker(folder: Path) -> Iterator[Mapping[str, str]]:
    """Yield the address of each page by its name, of a running broker that knows the estate."""
    database_url = f"sqlite:///{folder / 'wide.db'}"
    engine = db.connect(database_url)
    schema.upgrade(engine)
    fill(engine, tell(SHAPE))
    names = db.read(db.sessions(engine), find_names)
    engine.dispose()
    with live.broker(database_url, folder) as base_url:
        yield {name: base_url + path.format(**names) for name, path in WIDE_PAGES.items()}


def find_names(session: Session) -> dict[str, str]:
    """Return what the addresses name: the provider, the consumer, and the number of the consumer's version."""
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
    names = (quote(each, safe="") for each in session.execute(newest).one())
    return dict(zip(("consumer", "provider", "number"), names, strict=True))
