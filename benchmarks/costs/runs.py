"""Runs of pytest that load no plugins but the ones they name."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median

DROPPED = {"PYTHONDONTWRITEBYTECODE"}
"""What users' runs do not have: without compiled files each run would compile the plugin anew."""

OURS = "-ppytest_tallystick"


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def run(folder: Path, *arguments: str, code: int = 0) -> str:
    """Return what a Python program prints in this folder, which must end with this exit code."""
    environ = {name: value for name, value in os.environ.items() if name not in DROPPED}
    settings = {"PACT_DO_NOT_TRACK": "true", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(  # noqa: S603 (of our own)
        [sys.executable, *arguments],
        cwd=folder,
        env=environ | settings,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != code:
        sys.exit(f"{' '.join(arguments)}\n{done.stdout}{done.stderr}")
    return done.stdout


def compare(rounds: int, raw: Callable[[], float], ours: Callable[[], float]) -> tuple[float, float, float]:
    """Return the medians of both, taken in turns, and of their ratios."""
    pairs = [(raw(), ours()) for _ in range(rounds)]
    return (
        median(one for one, _ in pairs),
        median(other for _, other in pairs),
        median(other / one for one, other in pairs),
    )
