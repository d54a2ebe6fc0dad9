"""A real broker in a process of its own."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest

import forks

ANNOUNCEMENT = "Tallystick is listening on "
FOREIGN_SETTINGS = ("TALLYSTICK_", "PACT_BROKER_")


@contextmanager
def broker(database_url: str, folder: Path, **settings: str) -> Iterator[str]:
    """Yield the address of `tallystick serve` on this database; it is stopped with SIGTERM at the end.

    What the broker logs is in the folder's `broker.log`; `settings` are environment variables.
    """
    with process(database_url, folder, **settings) as (running, base_url):
        yield base_url
        assert stop(running) == 0, (folder / "broker.log").read_text()


@contextmanager
def process(database_url: str, folder: Path, **settings: str) -> Iterator[tuple[ForkServerProcess, str]]:
    """Yield the process of `tallystick serve` on this database, and its address; the caller has to end it.

    `settings` are environment variables.
    """
    environ = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN_SETTINGS)}
    environ |= {"TALLYSTICK_DATABASE_URL": database_url} | settings
    log = folder / "broker.log"
    with forks.running(serve, "--port", "0", folder=folder, environ=environ, stderr=log) as (running, stdout):
        line = stdout.readline()
        if not line.startswith(ANNOUNCEMENT):
            running.kill()
            pytest.fail(f"the broker did not start:\n{log.read_text()}")
        try:
            yield running, line.removeprefix(ANNOUNCEMENT).strip()
        except BaseException:
            running.kill()
            raise


def stop(running: ForkServerProcess) -> int | None:
    """Tell a broker to stop with SIGTERM, and return its exit code; None when it runs on after 30 seconds."""
    running.terminate()
    running.join(timeout=30)
    return running.exitcode


def serve(arguments: Sequence[str]) -> None:
    """Be `tallystick serve`."""
    from tallystick_cli.main import main

    main(["serve", *arguments], prog_name="tallystick")
