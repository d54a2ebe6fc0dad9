"""The test that runs now in this process, for code that pytest does not tell of it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

_sessions: list[pytest.Session] = []
"""One for each run of pytest that is going on; a run inside a test is the last."""


def begin_run(session: pytest.Session) -> None:
    """Take note that pytest runs from now on."""
    _sessions.append(session)


def end_run() -> None:
    """Take note that the run is over that began last."""
    _sessions.pop()


def running_test() -> pytest.Item | None:
    """Return the test that runs now; None outside of pytest, before the first test and after the last."""
    # pytest keeps its name there, and a hook for each test would cost every suite.
    name = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" (")[0]
    tests = _sessions[-1].items if _sessions else []
    return next((test for test in tests if test.nodeid.replace("\x00", "(null)") == name), None)


def in_pytest() -> bool:
    """Return whether pytest is running."""
    return bool(_sessions)
