"""A provider's test suite that a test writes and runs, as a user would, and contracts for it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from plugin import suites

SETTINGS = '[tool.pytest.ini_options]\ncontracts_name = "inventory"\n'
CONFTEST = """\
import pytest
import tallystick
from flask import Flask


@pytest.fixture
def stock():
    return {}


@pytest.fixture
def app(stock):
    app = Flask("inventory")

    @app.get("/stock/<sku>")
    def show(sku):
        return {"sku": sku, "available": stock[sku]}

    return app


@tallystick.state("there is stock")
def there_is_stock(stock, sku, available=5):
    stock[sku] = available
"""
TEMPLATE = """\
def test_honours_its_contracts(contract, app):
    contract.verify(app)
"""
TEA = ("there is stock", {"sku": "tea"})


@dataclass(frozen=True)
class Suite:
    """The service `inventory`, which tells from a dict how much of a sku is in stock."""

    pytester: pytest.Pytester

    def write(self, name: str, text: str) -> None:
        """Write a file of the suite."""
        path = self.pytester.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")

    def add_to_conftest(self, text: str) -> None:
        """Put more fixtures, states and hooks into conftest.py."""
        path = self.pytester.path / "conftest.py"
        path.write_text(path.read_text(encoding="utf-8") + "\n\n" + dedent(text), encoding="utf-8")

    def configure(self, text: str) -> None:
        """Put settings into pyproject.toml, beside the provider's name."""
        self.write("pyproject.toml", SETTINGS + dedent(text))

    def add_contract(self, *interactions: Mapping[str, Any], consumer: str = "checkout") -> Path:
        """Write a contract into the folder where contracts are found without being told."""
        path = self.pytester.path / "contracts" / f"{consumer}-inventory.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(contract(*interactions, consumer=consumer)), encoding="utf-8")
        return path

    def run(self, *arguments: str, plugins: Sequence[str] = ()) -> pytest.RunResult:
        """Run the suite in a process of its own, with these plugins beside the usual ones."""
        return suites.run(*arguments, plugins=plugins)


def contract(
    *interactions: Mapping[str, Any], consumer: str = "checkout", provider: str = "inventory"
) -> dict[str, Any]:
    """Return a contract of Pact specification 4."""
    return {
        "consumer": {"name": consumer},
        "provider": {"name": provider},
        "interactions": list(interactions),
        "metadata": {"pactSpecification": {"version": "4.0"}},
    }


def interaction(
    description: str,
    *states: tuple[str, Mapping[str, Any]],
    path: str = "/stock/tea",
    method: str = "GET",
    status: int = 200,
    reply: Any = None,
    **more: Any,
) -> dict[str, Any]:
    """Return an interaction whose response is JSON, when `reply` says so."""
    body = {"body": {"content": reply, "contentType": "application/json", "encoded": False}}
    return {
        "type": "Synchronous/HTTP",
        "description": description,
        "providerStates": [{"name": name, "params": params} for name, params in states],
        "request": {"method": method, "path": path},
        "response": {"status": status, **({} if reply is None else body)},
        **more,
    }


ASKS_FOR_TEA = interaction("ask for tea", TEA, reply={"sku": "tea", "available": 5})
ASKS_TOO_MUCH = interaction("ask for the price of tea", TEA, reply={"price": 3})
ASKS_FOR_NONE = interaction("ask for none", path="/none", status=404)


def has_lines(text: str, lines: Sequence[str]) -> bool:
    """Return whether these lines are in the text, one right after the other."""
    return "\n" + "\n".join(lines) + "\n" in f"\n{text}\n"
