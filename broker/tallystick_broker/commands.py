"""The operator's commands: `tallystick serve` and `tallystick migrate`."""

import gc
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, TypeVar

import click

from tallystick_broker.config import LOG_LEVELS, READERS, VARIABLES, Config
from tallystick_broker.errors import StartupError

F = TypeVar("F", bound=Callable[..., Any])
DEFAULTS = Config()
CANNOT_START = 2


def setting(flag: str, field: str, text: str) -> Callable[[F], F]:
    """Return a click option for a field of Config; its help names the default and the variables."""
    default = getattr(DEFAULTS, field)
    shown = "taken from each request" if default is None else default
    variables = ", ".join(VARIABLES[field])
    metavar = "|".join(LOG_LEVELS) if field == "log_level" else field.split("_")[-1].upper()
    return click.option(flag, field, metavar=metavar, help=f"{text} [default: {shown}; env: {variables}]")


DATABASE = setting("--database-url", "database_url", "The database, SQLite or PostgreSQL.")


@click.command()
@setting("--host", "host", "The address to listen on.")
@setting("--port", "port", "The port to listen on; 0 picks a free one.")
@DATABASE
@setting("--base-url", "base_url", "The URL under which clients reach this broker.")
@setting("--threads", "threads", "How many requests are worked on at once.")
@setting("--log-level", "log_level", "How much is logged to standard error.")
@click.option(
    "--migrate/--no-migrate",
    default=None,
    help="Bring the database's schema up to date first. [default: migrate; env: TALLYSTICK_MIGRATE]",
)
def serve(migrate: bool | None, **options: str | None) -> None:
    """Run the broker until it is told to stop.

    Prints its address to standard output once it accepts connections. SIGTERM and Ctrl-C let the requests in
    flight be answered. Exits with 2 when it can't start.
    """
    with _explain_errors():
        config = read_config(options)
        run(config if migrate is None else replace(config, migrate=migrate))


@click.command()
@DATABASE
def migrate(database_url: str | None) -> None:
    """Bring the database's schema up to date, and do nothing else.

    May be run at any time and by several at once. Exits with 2 when the database can't be used.
    """
    with _explain_errors():
        prepare(replace(read_config({"database_url": database_url}), migrate=True))
    click.echo("The database is up to date.", err=True)


def run(config: Config) -> None:
    """Serve the broker in the foreground; raises StartupError when its address or database can't be used."""
    from tallystick_broker import server

    with server.bind(config.host, config.port) as bound:
        prepare(config)
        from tallystick_broker.app import create_app
        from tallystick_broker.webhooks.worker import delivering

        app = create_app(config)
        gc.freeze()  # what is there stays: collecting what a request leaves behind must not walk through all of it
        with delivering(app.extensions["tallystick"], config):
            server.serve(app, bound, threads=config.threads)


def prepare(config: Config) -> None:
    """Bring the schema up to date, or only check it when `migrate` is off; raises StartupError."""
    from sqlalchemy.exc import DBAPIError

    from tallystick_broker.db import connect
    from tallystick_broker.schema import check, upgrade

    engine = connect(config.database_url)
    try:
        upgrade(engine) if config.migrate else check(engine)
    except DBAPIError as error:
        url = engine.url.render_as_string(hide_password=True)
        raise StartupError(f"The database {url} can't be used: {str(error.orig).strip()}") from error
    finally:
        engine.dispose()


def read_config(options: dict[str, str | None]) -> Config:
    """Return the environment's settings with the command line's over them; raises StartupError."""
    config = Config.from_environment(os.environ)
    given = {field: text for field, text in options.items() if text is not None}
    return replace(config, **{field: _read(field, text) for field, text in given.items()})


def _read(field: str, text: str) -> Any:
    try:
        return READERS[field](text)
    except ValueError as error:
        raise StartupError(f"--{field.replace('_', '-')} {error}.") from None


@contextmanager
def _explain_errors() -> Iterator[None]:
    try:
        yield
    except StartupError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(CANNOT_START)
