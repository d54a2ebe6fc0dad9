"""Test suites, run as a user runs them."""

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

import forks

TOO_SLOW = "hypothesispytest"
"""A plugin that takes as long as all the rest."""


def run(*arguments: str) -> pytest.RunResult:
    """Run pytest in the current folder, in a process of its own; a warning is an error."""
    folder = Path.cwd()
    began = time.perf_counter()
    errors = folder / "stderr"
    errors.unlink(missing_ok=True)
    command = ("-p", f"no:{TOO_SLOW}", "-Werror", *arguments)
    with forks.running(_pytest, *command, folder=folder, environ=os.environ, stderr=errors) as (
        process,
        stdout,
    ):
        output = stdout.read()
        process.join()
        code = process.exitcode
    assert code is not None
    return pytest.RunResult(
        code, output.splitlines(), errors.read_text().splitlines(), time.perf_counter() - began
    )


def _pytest(arguments: Sequence[str]) -> int:
    sys.argv = ["pytest", *arguments]
    return int(pytest.main(list(arguments)))
