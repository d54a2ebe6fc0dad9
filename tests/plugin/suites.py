"""Test suites, run as a user runs them."""

import os
import sys
import time
import unittest
from collections.abc import Collection, Sequence
from pathlib import Path

import pytest

import forks

UNUSUAL = (
    *("anyio", "asyncio", "django", "hypothesispytest"),
    *("pytest_cov", "randomly", "rerunfailures", "schemathesis", "timeout"),
)
"""Plugins that a suite has only when it asks for them: they take as long as all the rest."""


def block(plugins: Collection[str] = ()) -> list[str]:
    """Return the arguments that keep the unusual plugins out, but for these."""
    return [f"-pno:{name}" for name in UNUSUAL if name not in plugins]


def run(*arguments: str, plugins: Collection[str] = ()) -> pytest.RunResult:
    """Run pytest in the current folder, in a process of its own, with these plugins; a warning is an error."""
    return _run(_pytest, *block(plugins), "-Werror", *arguments)


def run_unittest(*arguments: str) -> pytest.RunResult:
    """Run Python's own unittest in the current folder, in a process of its own."""
    return _run(_unittest, *arguments)


def _run(program: forks.Program, *arguments: str) -> pytest.RunResult:
    folder = Path.cwd()
    began = time.perf_counter()
    errors = folder / "stderr"
    errors.unlink(missing_ok=True)
    with forks.running(program, *arguments, folder=folder, environ=os.environ, stderr=errors) as (
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
    # A test may change its suite twice in a second, which compiled code from before would hide.
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    sys.dont_write_bytecode = True
    return int(pytest.main(list(arguments)))


def _unittest(arguments: Sequence[str]) -> int:
    program = unittest.main(module=None, argv=["unittest", *arguments], exit=False)
    return 0 if program.result.wasSuccessful() else 1
