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
    configs = _configs()
    tests = getattr(configs[-1].pluginmanager.get_plugin("session"), "items", ()) if configs else ()
    return next((test for test in tests if test.nodeid.replace("\x00", "(null)") == name), None)


def in_pytest() -> bool:
    """Return whether pytest is running."""
    return bool(_configs())


def _configs() -> list[pytest.Config]:
    """The runs that are going on, which are known where pytest is: outside of it nothing loads the entry point."""
    entry = sys.modules.get("pytest_tallystick")
    return entry.CONFIGS if entry else []
