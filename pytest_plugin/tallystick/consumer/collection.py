"""Which tests exist: what was collected before anything was deselected."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


@dataclass
class Collection:
    """Node ids of the tests that exist, and the files of which every test was collected."""

    tests: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)
    partial: set[str] = field(default_factory=set)

    def add(self, items: Iterable[pytest.Item]) -> None:
        """Take note of tests before any is deselected, and before pytest-xdist marks groups in their ids."""
        for item in items:
            item.stash[_NAME] = item.nodeid
            self.tests.add(item.nodeid)

    def note(self, node: str, *, passed: bool) -> None:
        """Take note of a file, or of a class in one: it is whole only when everything in it was collected."""
        (self.files if passed else self.partial).add(_file_of(node))

    def narrow(self, config: pytest.Config) -> None:
        """Leave out files that the command line takes only a part of: tests by name, or all that failed last."""
        if config.getoption("lf", default=False):
            self.files.clear()
        named = {PurePath(argument.partition("::")[0]).name for argument in config.args if "::" in argument}
        self.partial |= {file for file in self.files if PurePath(file).name in named}

    def name_of(self, test: str) -> str:
        """Return a test's node id without the group that pytest-xdist may have added to it."""
        plain = test.rpartition("@")[0]
        return plain if test not in self.tests and plain in self.tests else test

    def is_gone(self, test: str, root: Path) -> bool:
        """Whether the test no longer exists: its file is gone, or all of its file was collected without it."""
        file = _file_of(test)
        if file in self.files - self.partial:
            return test not in self.tests
        return not root.joinpath(file).exists()

    def to_json(self) -> dict[str, Any]:
        """What a worker sends to the controller."""
        return {"tests": sorted(self.tests), "files": sorted(self.files - self.partial)}

    @classmethod
    def from_json(cls, sent: dict[str, Any]) -> Collection:
        """What the controller learns from a worker."""
        return cls(set(sent["tests"]), set(sent["files"]))


def name_of(item: pytest.Item) -> str:
    """Return the node id that a test was collected with."""
    return item.stash.get(_NAME, item.nodeid)


_NAME = pytest.StashKey[str]()


def _file_of(node_id: str) -> str:
    return node_id.partition("::")[0]
