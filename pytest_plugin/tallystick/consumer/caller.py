"""The line and the test of a test suite that is running now."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import TestCase

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

PACKAGE = str(Path(__file__).parents[1])


@dataclass(frozen=True)
class Caller:
    """A test, or what else has called: its name is the node id that pytest would give to it."""

    name: str
    case: TestCase | None = None

    @property
    def failed(self) -> bool:
        """Whether it is a test of unittest that did not pass, as far as it has come."""
        # What became of a test its result knows, to which the test has no public way.
        outcome = getattr(self.case, "_outcome", None)
        result = getattr(outcome, "result", None)
        told = [
            *getattr(result, "failures", []),
            *getattr(result, "errors", []),
            *getattr(result, "skipped", []),
        ]
        bad = any(getattr(test, "test_case", test) is self.case for test, _ in told)
        return bad or getattr(outcome, "expectedFailure", None) is not None


def calling_line(root: Path) -> str:
    """Return the innermost line outside this package as `tests/test_client.py:7`, from `root` if it is below."""
    frame = next(_frames())
    return f"{_shown(frame, root)}:{frame.f_lineno}"


def calling_test(root: Path) -> Caller:
    """Return the innermost test of unittest, or else the innermost function outside this package."""
    frames = list(_frames())
    for frame in frames:
        case = frame.f_locals.get("self")
        if isinstance(case, TestCase) and not _is_of(frame, "unittest", "contextlib"):
            test = f"{type(case).__qualname__}::{case.id().rpartition('.')[2]}"
            return Caller(f"{_shown(frame, root)}::{test}", case)
    frame = next(frame for frame in frames if not _is_of(frame, "contextlib"))
    names = frame.f_code.co_qualname.replace(".<locals>", "").replace(".", "::")
    return Caller(f"{_shown(frame, root)}::{names}")


def _frames() -> Iterator[FrameType]:
    """The frames outside this package, from the innermost on."""
    frame: FrameType | None = sys._getframe(1)
    while frame:
        if not frame.f_code.co_filename.startswith(PACKAGE):
            yield frame
        frame = frame.f_back


def _is_of(frame: FrameType, *packages: str) -> bool:
    return str(frame.f_globals.get("__name__")).partition(".")[0] in packages


def _shown(frame: FrameType, root: Path) -> str:
    path = Path(frame.f_code.co_filename)
    return (path.relative_to(root) if path.is_relative_to(root) else path).as_posix()
