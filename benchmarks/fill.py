"""Fill a database with the history of a made-up estate: `python benchmarks/fill.py --preset small`.

The database must be empty; its schema is made first. A history of a million results takes a few minutes.
"""

import time
from collections.abc import Sequence

import click

from histories.bulk import fill
from histories.shapes import SHAPES
from histories.telling import tell
from tallystick_broker import db, schema


@click.command()
@click.option(
    "--preset",
    "presets",
    type=click.Choice(sorted(SHAPES)),
    default=["small"],
    show_default=True,
    multiple=True,
)
@click.option("--database-url", default="sqlite:///tallystick.db", show_default=True)
def main(presets: Sequence[str], database_url: str) -> None:
    """Fill an empty database with the history of an estate, or of several side by side."""
    began = time.perf_counter()
    engine = db.connect(database_url)
    schema.upgrade(engine)
    fill(engine, tell(*(SHAPES[preset] for preset in presets)))
    click.echo(
        f"The history of {' and '.join(presets)} is written in {time.perf_counter() - began:.0f} seconds.",
        err=True,
    )


if __name__ == "__main__":
    main()
