"""The line of the test suite that is running now."""

from __future__ import annotations

import sys
from pathlib import Path

PACKAGE = str(Path(__file__).parents[1])


def calling_line(root: Path) -> str:
    """Return the innermost line outside this package as `tests/test_client.py:7`, from `root` if it is below."""
    frame = sys._getframe(1)
    while frame.f_back and frame.f_code.co_filename.startswith(PACKAGE):
        frame = frame.f_back
    path = Path(frame.f_code.co_filename)
    shown = path.relative_to(root) if path.is_relative_to(root) else path
    return f"{shown.as_posix()}:{frame.f_lineno}"
