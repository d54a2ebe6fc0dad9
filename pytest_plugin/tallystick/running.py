"""The test that runs now in this process, for code that pytest does not tell of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

_tests: list[pytest.Item | None] = []
"""One for each run of pytest that is going on; a run inside a test is the last."""


def begin_run() -> None:
    """Take note that pytest runs from now on."""
    _tests.append(None)


def end_run() -> None:
    """Take note that the run is over that began last."""
    _tests.pop()


def set_running(test: pytest.Item) -> None:
    """Take note of the test that runs from now on."""
    _tests[-1] = test


def running_test() -> pytest.Item | None:
    """Return the test that runs now; None outside of pytest and before its first test."""
    return _tests[-1] if _tests else None


def in_pytest() -> bool:
    """Return whether pytest is running."""
    return bool(_tests)
