"""A consumer's test suite that a test writes and runs, as a user would."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from plugin import suites

SETTINGS = '[tool.pytest.ini_options]\ncontracts_name = "checkout"\n'
CONFTEST = """\
import requests
import tallystick

inventory = tallystick.consumes("inventory")
"""
IMPORTS = """\
import pytest
import requests
from tallystick import decimal, each, includes, integer, like, regex, uuid

"""


@dataclass(frozen=True)
class Suite:
    """The service `checkout`, whose conftest.py has a mock of `inventory`."""

    pytester: pytest.Pytester

    def write(self, name: str, text: str) -> None:
        """Write a test module; it may use requests and the matchers without importing them."""
        path = self.pytester.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(IMPORTS + dedent(text).lstrip(), encoding="utf-8")

    def remove(self, name: str) -> None:
        """Remove a file."""
        (self.pytester.path / name).unlink()

    def configure(self, text: str) -> None:
        """Put settings into pyproject.toml, beside the consumer's name."""
        (self.pytester.path / "pyproject.toml").write_text(SETTINGS + dedent(text), encoding="utf-8")

    def add_to_conftest(self, text: str) -> None:
        """Put more fixtures and hooks into conftest.py."""
        path = self.pytester.path / "conftest.py"
        path.write_text(path.read_text(encoding="utf-8") + "\n" + dedent(text), encoding="utf-8")

    def run(self, *arguments: str, plugins: Collection[str] = ()) -> pytest.RunResult:
        """Run the suite in a process of its own, with these of pytest's plugins."""
        return suites.run(*arguments, plugins=plugins)

    def contract(self, provider: str = "inventory") -> dict[str, Any]:
        """Return the contract with this provider, as it is in its file."""
        document: dict[str, Any] = json.loads(self.text(provider))
        return document

    def text(self, provider: str = "inventory") -> str:
        """Return the very text of the contract with this provider."""
        return self._path(provider).read_text(encoding="utf-8")

    def has_contract(self, provider: str = "inventory") -> bool:
        """Return whether there is a contract with this provider."""
        return self._path(provider).exists()

    def descriptions(self, provider: str = "inventory") -> list[str]:
        """Return what the contract's interactions are called, in their order."""
        return [interaction["description"] for interaction in self.contract(provider)["interactions"]]

    def _path(self, provider: str) -> Path:
        return self.pytester.path / "contracts" / f"checkout-{provider}.json"


def summary(result: pytest.RunResult) -> list[str]:
    """Return the lines of the section that the plugin prints; none when it printed none."""
    lines = result.outlines
    start = next((index for index, line in enumerate(lines) if line.strip("=") == " tallystick "), None)
    if start is None:
        return []
    rest = lines[start + 1 :]
    end = next(index for index, line in enumerate(rest) if line.startswith("="))
    return [line.rstrip() for line in rest[:end]]
