"""Options that several commands share."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from tallystick_client import Broker

Function = Callable[..., Any]


def text(value: str) -> str:
    """Return a text that is not blank: an empty shell variable must not turn into a wider question."""
    if not value.strip():
        raise click.BadParameter("it is blank; is a variable not set?")
    return value


NON_BLANK = text


def named_version(value: str) -> tuple[str, str]:
    """Return the name and the version of a service that is written `NAME=VERSION`; neither may be blank."""
    name, _, version = value.partition("=")
    if not name.strip() or not version.strip():
        raise click.BadParameter(f"{value!r} is not like NAME=VERSION; is a variable not set?")
    return name, version


NAMED_VERSION = named_version

_BROKER_OPTIONS = (
    click.option(
        "-b",
        "--broker-base-url",
        type=NON_BLANK,
        required=True,
        metavar="URL",
        envvar="PACT_BROKER_BASE_URL",
        show_envvar=True,
        help="The broker.",
    ),
    click.option(
        "-u",
        "--broker-username",
        envvar="PACT_BROKER_USERNAME",
        show_envvar=True,
        metavar="NAME",
        help="The name to log in with.",
    ),
    click.option(
        "-p",
        "--broker-password",
        envvar="PACT_BROKER_PASSWORD",
        show_envvar=True,
        metavar="PASSWORD",
        help="The password to log in with; the variable keeps it out of process lists.",
    ),
    click.option(
        "-k",
        "--broker-token",
        envvar="PACT_BROKER_TOKEN",
        show_envvar=True,
        metavar="TOKEN",
        help="The token to log in with, instead of name and password.",
    ),
    click.option(
        "--retries",
        type=click.IntRange(min=0),
        default=4,
        show_default=True,
        metavar="TIMES",
        envvar="PACT_BROKER_HTTP_RETRIES",
        show_envvar=True,
        help="How often to repeat a request, within 10 seconds, while the broker cannot answer.",
    ),
)


def asks_broker(command: Function) -> Function:
    """Give a command the options that name the broker; it gets the open Broker as `broker`."""

    @wraps(command)
    def run(
        *,
        broker_base_url: str,
        broker_username: str | None,
        broker_password: str | None,
        broker_token: str | None,
        retries: int,
        **options: Any,
    ) -> Any:
        with Broker(
            broker_base_url,
            username=broker_username,
            password=broker_password,
            token=broker_token,
            retries=retries,
        ) as broker:
            return command(broker=broker, **options)

    decorated: Function = run
    for option in reversed(_BROKER_OPTIONS):
        decorated = option(decorated)
    return decorated


def output_option(plain: str, *others: str) -> Callable[[Function], Function]:
    """Give a command the option that chooses between its plain output, the broker's JSON and others."""
    return click.option(
        "-o",
        "--output",
        type=click.Choice([plain, "json", *others]),
        default=plain,
        show_default=True,
        help="What to print: words, or the broker's answer.",
    )


IGNORE = click.option(
    "--ignore",
    type=NON_BLANK,
    multiple=True,
    metavar="NAME",
    help="Leave this service out; repeatable.",
)
PARTICIPANT = click.option(
    "-a", "--pacticipant", "--participant", type=NON_BLANK, required=True, metavar="NAME", help="The service."
)
VERSION = click.option(
    "-e",
    "--version",
    type=NON_BLANK,
    required=True,
    metavar="VERSION",
    help="Its version, such as the commit.",
)
