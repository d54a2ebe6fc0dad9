"""`tallystick plan`: the order of a rollout."""

import click

from tallystick_cli.options import NON_BLANK, asks_broker, output_option
from tallystick_cli.output import Failure, open_console, write_json
from tallystick_cli.plan_text import draw_plan, write_plan
from tallystick_cli.positions import PositionedCommand, selects_versions
from tallystick_cli.selection import Word, read_selectors
from tallystick_client import Broker, BrokerError


@click.command("plan", cls=PositionedCommand, short_help="Plan in which order versions can be deployed.")
@selects_versions
@click.option(
    "--to-environment", type=NON_BLANK, required=True, metavar="NAME", help="The environment to deploy to."
)
@output_option("text", "mermaid")
@asks_broker
def plan(broker: Broker, *, words: list[Word], to_environment: str, output: str) -> None:
    """Plan in which order versions can be deployed, each step safe while old and new run side by side.

    Without any version it is about the heads of all main branches. Exits with 0 when all of them can go, 1 when
    some are blocked, 2 when it could not be asked.

    \b
    tallystick plan --to-environment production
    tallystick plan -a Web -e 1a2b3c4 -a Orders --main-branch --to-environment production
    """
    asked, ignored = read_selectors(words)
    try:
        found = broker.plan(to_environment, asked, ignore=ignored)
    except BrokerError as error:
        raise Failure(str(error)) from error
    if output == "json":
        write_json(found.body)
    elif output == "mermaid":
        click.echo(draw_plan(found))
    else:
        write_plan(open_console(), to_environment, found)
    click.get_current_context().exit(1 if found.blocked else 0)
