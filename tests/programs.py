"""Real programs, run as a user runs them."""

import os
import shutil
import subprocess
import sysconfig
from collections.abc import Callable

Run = Callable[..., subprocess.CompletedProcess[str]]


def runner(program: str, *first: str, base_url: str) -> Run:
    """Return a function that runs the program, with these first arguments, against the broker at this address."""
    path = shutil.which(program, path=sysconfig.get_path("scripts"))
    assert path, f"{program} is not installed here: run `make setup`"
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PACT_")}
    environ |= {"PACT_BROKER_BASE_URL": base_url, "PACT_DO_NOT_TRACK": "true"}

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        command = [path, *first, *map(str, arguments)]
        return subprocess.run(command, env=environ, capture_output=True, text=True, check=False, timeout=60)

    return run
