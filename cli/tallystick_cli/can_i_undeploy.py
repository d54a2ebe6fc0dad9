"""`tallystick can-i-undeploy`: whether a version may be taken away."""

from collections.abc import Sequence

import click

from tallystick_cli.options import IGNORE, NON_BLANK, PARTICIPANT, asks_broker, output_option
from tallystick_cli.output import Failure, open_console, write_json
from tallystick_cli.verdict_text import write_verdict
from tallystick_client import Broker, BrokerError, Selector

SENTENCES = {
    True: "YES: {} can be removed from {}.",
    False: "NO: {} cannot be removed from {}.",
    None: "NOT YET: {} cannot be removed from {} as things are.",
}


@click.command("can-i-undeploy", short_help="Ask whether a version can be removed.")
@PARTICIPANT
@click.option(
    "-e", "--version", type=NON_BLANK, metavar="VERSION", help="Its version; all that are live without it."
)
@click.option(
    "--environment", type=NON_BLANK, required=True, metavar="NAME", help="Where it would be removed."
)
@IGNORE
@output_option("table")
@asks_broker
def can_i_undeploy(
    broker: Broker,
    pacticipant: str,
    version: str | None,
    environment: str,
    ignore: Sequence[str],
    output: str,
) -> None:
    """Ask whether a version can be removed from an environment without leaving a consumer there behind.

    Exits with 0 for yes, 1 for no, 2 when it could not be asked.
    """
    ignored = [Selector(name) for name in ignore]
    try:
        verdict = broker.can_i_undeploy(pacticipant, version, environment=environment, ignore=ignored)
    except BrokerError as error:
        raise Failure(str(error)) from error
    if output == "json":
        write_json(verdict.body)
    else:
        subject = f"{pacticipant} {version}" if version else f"every version of {pacticipant}"
        sentence = SENTENCES[verdict.deployable].format(subject, environment)
        write_verdict(open_console(), verdict, sentence)
    click.get_current_context().exit(0 if verdict.deployable is True else 1)
