"""`tallystick can-i-rollback`: whether a service can go back to a version that was live before."""

from collections.abc import Sequence

import click
from rich.console import Console

from tallystick_cli.options import IGNORE, NON_BLANK, PARTICIPANT, asks_broker, output_option
from tallystick_cli.output import Failure, open_console, write, write_json
from tallystick_cli.verdict_text import write_reasons
from tallystick_client import Broker, BrokerError, Rollback, Selector

ANSWERS = {True: "yes", False: "no", None: "not yet"}


@click.command("can-i-rollback", short_help="Ask to which former version a service can go back.")
@PARTICIPANT
@click.option(
    "--to-environment", type=NON_BLANK, required=True, metavar="NAME", help="Where it would go back."
)
@click.option(
    "--last",
    type=click.IntRange(min=1, max=50),
    default=5,
    show_default=True,
    metavar="NUMBER",
    help="How many of the versions that were live there to ask about.",
)
@IGNORE
@output_option("text")
@asks_broker
def can_i_rollback(
    broker: Broker, pacticipant: str, to_environment: str, last: int, ignore: Sequence[str], output: str
) -> None:
    """Ask which of the versions that were live in an environment would be safe there now; the newest is named.

    Exits with 0 when there is one, 1 when there is none, 2 when it could not be asked.
    """
    ignored = [Selector(name) for name in ignore]
    try:
        found = broker.can_i_rollback(pacticipant, environment=to_environment, last=last, ignore=ignored)
    except BrokerError as error:
        raise Failure(str(error)) from error
    if output == "json":
        write_json(found.body)
    else:
        _write(open_console(), pacticipant, to_environment, found)
    click.get_current_context().exit(0 if found.version is not None else 1)


def _write(console: Console, name: str, environment: str, found: Rollback) -> None:
    style = "bold red" if found.version is None else "bold green"
    write(console, _describe(name, environment, found), style)
    for each in found.versions:
        answer = ANSWERS[each.deployable]
        write(console, f"\n{name} {each.number}, live until {each.live_until}: {answer}", "bold")
        write_reasons(console, each.reasons)


def _describe(name: str, environment: str, found: Rollback) -> str:
    if found.version is not None:
        return f"YES: {name} can go back to {found.version} in {environment}."
    if not found.versions:
        return f"NO: no version of {name} was live in {environment} before."
    return f"NO: {name} cannot go back in {environment} to any version that was asked about."
