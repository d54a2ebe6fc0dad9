"""Real programs, run as a user runs them."""

import os
import shutil
import subprocess
import sysconfig
from collections.abc import Callable

Run = Callable[..., subprocess.CompletedProcess[str]]


def find_program(name: str) -> str:
    """Return the path of a program that is installed for development."""
    path = shutil.which(name, path=sysconfig.get_path("scripts"))
    assert path, f"{name} is not installed here: run `make setup`"
    return path


def runner(program: str, *first: str, base_url: str) -> Run:
    """Return a function that runs the program, with these first arguments, against the broker at this address."""
    path = find_program(program)
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PACT_")}
    environ |= {"PACT_BROKER_BASE_URL": base_url, "PACT_DO_NOT_TRACK": "true"}

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        command = [path, *first, *map(str, arguments)]
        return subprocess.run(command, env=environ, capture_output=True, text=True, check=False, timeout=60)

    return run
