"""How long the broker takes for pages: `python benchmarks/pages.py --database-url …` of a database that fill.py filled.

Without a database it fills a small one of its own.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from urllib.parse import quote

import click
from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from histories.bulk import fill
from histories.shapes import SHAPES
from histories.telling import tell
from tallystick_broker import db, schema
from tallystick_broker.app import build
from tallystick_broker.config import Config
from tallystick_broker.models import Integration, Participant, Result

BROWSER = {"Accept": "text/html"}
ROUNDS = 15


@click.command()
@click.option("--database-url", default="")
def main(database_url: str) -> None:
    """Print the median of the server's time for each page, and of how many bytes it is."""
    with _database(database_url) as url:
        engine = db.connect(url)
        sessions = db.sessions(engine)
        app = build(Config(), sessions)
        client = app.test_client()
        for name, address in db.read(sessions, _pages).items():
            times = []
            for _ in range(ROUNDS):
                began = time.perf_counter()
                answer = client.get(address, headers=BROWSER)
                times.append(time.perf_counter() - began)
                if answer.status_code != 200:
                    raise click.ClickException(f"{address} answered {answer.status_code}: {answer.text}")
            say = f"{name:24} {1000 * median(times):6.0f} ms {len(answer.data) / 1000:8.0f} kB   {address}"
            click.echo(say)
        engine.dispose()


@contextmanager
def _database(given: str) -> Iterator[str]:
    if given:
        yield given
        return
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'small.db'}"
        engine = db.connect(url)
        schema.upgrade(engine)
        fill(engine, tell(SHAPES["small"]))
        engine.dispose()
        yield url


def _pages(session: Session) -> dict[str, str]:
    """Return the address of each page, about those who have most."""
    consumer, provider = aliased(Participant), aliased(Participant)
    results = func.count(Result.id)
    busiest = (
        select(consumer.name, provider.name)
        .select_from(Result)
        .join(consumer, consumer.id == Result.consumer_id)
        .join(provider, provider.id == Result.provider_id)
        .group_by(consumer.name, provider.name)
        .order_by(results.desc())
    )
    one, other = (quote(each, safe="") for each in session.execute(busiest.limit(1)).one())
    hub = (
        select(Participant.name)
        .join(Integration, Integration.provider_id == Participant.id)
        .group_by(Participant.name)
        .order_by(func.count().desc())
    )
    service = quote(session.scalars(hub.limit(1)).one(), safe="")
    pair = f"provider/{other}/consumer/{one}"
    return {
        "overview": "/",
        "services": "/pacticipants",
        "matrix of a busy pair": f"/matrix/{pair}",
        "contract": f"/pacts/{pair}/latest",
        "history": f"/pacts/{pair}/versions",
        "service": f"/pacticipants/{service}",
        "service matrix": f"/pacticipants/{service}/matrix",
        "versions": f"/pacticipants/{service}/versions",
        "board": "/environments",
        "network": "/network",
        "can I deploy?": f"/can-i-deploy?pacticipant={service}&environment=production",
    }


if __name__ == "__main__":
    main()
