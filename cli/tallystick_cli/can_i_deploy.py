"""`tallystick can-i-deploy`: the gate in a pipeline."""

import time
from collections.abc import Callable
from functools import partial
from typing import Any

import click

from tallystick_cli.options import NAMED_VERSION, NON_BLANK, asks_broker, output_option
from tallystick_cli.output import open_console, talk, write_json
from tallystick_cli.positions import PositionedCommand, selects_versions
from tallystick_cli.selection import Word, read_selectors
from tallystick_cli.verdict_text import describe_verdict, write_verdict
from tallystick_client import Broker, BrokerError, Question, Selector, Verdict


@click.command("can-i-deploy", cls=PositionedCommand, short_help="Ask whether versions can be deployed.")
@selects_versions
@click.option(
    "--with",
    "together",
    type=NAMED_VERSION,
    multiple=True,
    metavar="NAME=VERSION",
    help="A version that goes together with it; repeatable.",
)
@click.option("--to-environment", type=NON_BLANK, metavar="NAME", help="The environment to deploy to.")
@click.option(
    "--to", "tag", type=NON_BLANK, metavar="TAG", help="Compare with the latest versions of this tag."
)
@click.option("--require-contracts", is_flag=True, help="Say no when there are no contracts to judge.")
@click.option(
    "--retry-while-unknown",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    metavar="TIMES",
    help="Ask again so often while results are missing.",
)
@click.option(
    "--retry-interval",
    type=click.FloatRange(min=0),
    default=10,
    show_default=True,
    metavar="SECONDS",
    help="How long to wait before asking again.",
)
@click.option(
    "--dry-run",
    is_flag=True,
    envvar="PACT_BROKER_CAN_I_DEPLOY_DRY_RUN",
    show_envvar=True,
    help="Show the answer, but exit with 0 whatever it is.",
)
@output_option("table")
@asks_broker
def can_i_deploy(broker: Broker, *, words: list[Word], output: str, dry_run: bool, **options: Any) -> None:
    """Ask whether versions are compatible with what is live where they are to be deployed.

    Exits with 0 for yes, 1 for no and for results that are missing, 2 when it could not be asked.

    \b
    tallystick can-i-deploy -a Web -e 1a2b3c4 --to-environment production
    tallystick can-i-deploy -a Web -e 1a2b3c4 --with Orders=5d6e7f8 --to-environment production
    """
    asked, ignored = read_selectors(words)
    asked += [Selector(name, version) for name, version in options["together"]]
    question = Question(
        asked, options["to_environment"], options["tag"], ignored, options["require_contracts"]
    )
    ask = partial(_ask, broker, question, options["retry_while_unknown"], options["retry_interval"])
    exit_code = _answer(question, ask, output)
    if dry_run:
        talk(f"This is a dry run, which exits with 0. Otherwise it would exit with {exit_code}.")
    click.get_current_context().exit(0 if dry_run else exit_code)


def _answer(question: Question, ask: Callable[[], Verdict], output: str) -> int:
    """Print the verdict and return the exit code; that it could not be asked is an answer too."""
    try:
        verdict = ask()
    except BrokerError as error:
        talk(f"Error: {error}")
        return 2
    if output == "json":
        write_json(verdict.body)
    else:
        write_verdict(open_console(), verdict, describe_verdict(question, verdict.deployable))
    return 0 if verdict.deployable is True else 1


def _ask(broker: Broker, question: Question, times: int, interval: float) -> Verdict:
    """Return the verdict, asked for again up to so many times, seconds apart, while it is unknown."""
    verdict = broker.ask(question)
    for time_ in range(1, times + 1):
        if verdict.deployable is not None:
            break
        talk(f"Results are missing. Asking again in {interval:g} seconds ({time_} of {times}) ...")
        time.sleep(interval)
        verdict = broker.ask(question)
    return verdict
