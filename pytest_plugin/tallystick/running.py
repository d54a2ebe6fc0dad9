"""The test that runs now in this process, for code that pytest does not tell of it."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest


def running_test() -> pytest.Item | None:
    """Return the test that runs now; None outside of pytest, before the first test and after the last."""
    # pytest keeps its name there, and a hook for each test would cost every suite.
    name = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" (")[0]
    sessions = _sessions()
    tests = sessions[-1].items if sessions else []
    return next((test for test in tests if test.nodeid.replace("\x00", "(null)") == name), None)


def in_pytest() -> bool:
    """Return whether pytest is running."""
    return bool(_sessions())


def _sessions() -> list[pytest.Session]:
    """The runs that are going on, which are known where pytest is: outside of it nothing loads the entry point."""
    plugin = sys.modules.get("tallystick.plugin")
    return plugin.SESSIONS if plugin else []
