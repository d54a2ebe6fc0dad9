"""A real broker in a process of its own."""

import os
import shutil
import subprocess
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ANNOUNCEMENT = "Tallystick is listening on "
FOREIGN_SETTINGS = ("TALLYSTICK_", "PACT_BROKER_")


@contextmanager
def broker(database_url: str, folder: Path, **settings: str) -> Iterator[str]:
    """Yield the address of `tallystick serve` on this database; it is stopped with SIGTERM at the end.

    What the broker logs is in the folder's `broker.log`; `settings` are environment variables.
    """
    with process(database_url, folder, **settings) as (running, base_url):
        yield base_url
        running.terminate()
        assert running.wait(timeout=30) == 0, (folder / "broker.log").read_text()


@contextmanager
def process(database_url: str, folder: Path, **settings: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Yield the process of `tallystick serve` on this database, and its address; the caller has to end it.

    `settings` are environment variables.
    """
    command = shutil.which("tallystick", path=sysconfig.get_path("scripts"))
    assert command, "the project is not installed here: run `make setup`"
    environ = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN_SETTINGS)}
    with (
        (folder / "broker.log").open("a+") as log,
        subprocess.Popen(
            [command, "serve", "--port", "0"],
            cwd=folder,
            env=environ | {"TALLYSTICK_DATABASE_URL": database_url} | settings,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as running,
    ):
        assert running.stdout is not None
        line = running.stdout.readline()
        if not line.startswith(ANNOUNCEMENT):
            running.kill()
            pytest.fail(f"the broker did not start:\n{(folder / 'broker.log').read_text()}")
        try:
            yield running, line.removeprefix(ANNOUNCEMENT).strip()
        except BaseException:
            running.kill()
            raise
