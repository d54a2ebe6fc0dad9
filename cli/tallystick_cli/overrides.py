"""`tallystick create-override`, `list-overrides` and `end-override`: what the gate leaves out, on whose word."""

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import click
from rich import box
from rich.table import Table

from tallystick_cli.options import NON_BLANK, asks_broker, output_option
from tallystick_cli.output import make_printable, open_console, write, write_json
from tallystick_client import Broker, Override, Party

ENVIRONMENT = click.option(
    "--environment", type=NON_BLANK, required=True, metavar="NAME", help="The environment that it is about."
)
HOURS = {"h": 1, "d": 24}
COLUMNS = ("UUID", "ENVIRONMENT", "CONSUMER", "PROVIDER", "BY", "ENDS", "REASON")


def moment(value: str) -> datetime:
    """Return the moment of a text like `2030-01-31T12:00:00Z` (ISO 8601), or the time from now of one like `3d`."""
    span = re.fullmatch(r"(\d{1,5})([dh])", value)
    if span:
        # In whole seconds, as the broker shows it, so that what is shown can be said again.
        now = datetime.now(UTC).replace(microsecond=0)
        return now + timedelta(hours=int(span[1]) * HOURS[span[2]])
    with suppress(ValueError):
        meant = datetime.fromisoformat(value)
        if meant.tzinfo:
            return meant
    raise click.BadParameter(
        f"{value!r} is neither like 3d or 12h nor like 2030-01-31T12:00:00Z, with its zone."
    )


@click.command("create-override", short_help="Have the gate leave out a pair for a while.")
@ENVIRONMENT
@click.option("--consumer", type=NON_BLANK, required=True, metavar="NAME", help="The consumer of the pair.")
@click.option("--consumer-version", type=NON_BLANK, metavar="VERSION", help="Only this version of it.")
@click.option("--provider", type=NON_BLANK, required=True, metavar="NAME", help="The provider of the pair.")
@click.option("--provider-version", type=NON_BLANK, metavar="VERSION", help="Only this version of it.")
@click.option(
    "--reason", type=NON_BLANK, required=True, metavar="TEXT", help="Why, for all who will read it."
)
@click.option("--created-by", type=NON_BLANK, required=True, metavar="NAME", help="Who decides it.")
@click.option(
    "--expires",
    type=moment,
    required=True,
    metavar="WHEN",
    help="When it ends: after 3d or 12h, or at 2030-01-31T12:00:00Z.",
)
@output_option("text")
@asks_broker
def create_override(broker: Broker, *, output: str, **options: Any) -> None:
    """Have the gate leave out the contracts of a pair in an environment, for a while and with a reason.

    Every answer that it changes says so. It ends by itself, and end-override ends it before.
    """
    override = broker.create_override(
        options["environment"],
        Party(options["consumer"], options["consumer_version"]),
        Party(options["provider"], options["provider_version"]),
        reason=options["reason"],
        created_by=options["created_by"],
        expires_at=options["expires"],
    )
    if output == "json":
        write_json(override.body)
        return
    pair = f"{_name(override.consumer)} with {_name(override.provider)}"
    end = f"until {override.expires_at} ({override.uuid})"
    write(open_console(), f"Overridden in {override.environment}: {pair}, {end}.", "yellow")


@click.command("list-overrides", short_help="List what the gate leaves out.")
@click.option("--environment", type=NON_BLANK, metavar="NAME", help="Only those of this environment.")
@click.option(
    "-a",
    "--pacticipant",
    "--participant",
    type=NON_BLANK,
    metavar="NAME",
    help="Only those that this service is a side of.",
)
@click.option("--all", "ended", is_flag=True, help="Also those that have ended.")
@output_option("table")
@asks_broker
def list_overrides(
    broker: Broker, environment: str | None, pacticipant: str | None, ended: bool, output: str
) -> None:
    """List the overrides in effect, the newest first: what the gate leaves out, who said so, why, until when."""
    found = broker.overrides(environment=environment, participant=pacticipant, ended=ended)
    if output == "json":
        write_json({"overrides": [each.body for each in found]})
    elif found:
        open_console().print(_make_table(found))
    else:
        write(open_console(), "There is no override.")


@click.command("end-override", short_help="End an override before its time.")
@click.option("--uuid", type=NON_BLANK, required=True, metavar="UUID", help="Which one.")
@click.option("--ended-by", type=NON_BLANK, required=True, metavar="NAME", help="Who ends it.")
@output_option("text")
@asks_broker
def end_override(broker: Broker, uuid: str, ended_by: str, output: str) -> None:
    """End an override now. It stays on record; one that has ended stays as it is."""
    override = broker.end_override(uuid, ended_by=ended_by)
    if output == "json":
        write_json(override.body)
    else:
        write(open_console(), f"Ended: {_tell_end(override)}.", "green")


def _make_table(overrides: Sequence[Override]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in COLUMNS:
        table.add_column(column, overflow="fold")
    for each in overrides:
        pair = _name(each.consumer), _name(each.provider)
        cells = (each.uuid, each.environment, *pair, each.created_by, _tell_end(each), each.reason)
        table.add_row(*map(make_printable, cells), style="yellow" if each.in_effect else "dim")
    return table


def _tell_end(override: Override) -> str:
    if override.in_effect:
        return override.expires_at
    if override.ended_by:
        return f"{override.ended_at} by {override.ended_by}"
    return f"{override.expires_at} (expired)"


def _name(party: Party) -> str:
    return f"{party.name} {party.version}" if party.version else f"any version of {party.name}"
