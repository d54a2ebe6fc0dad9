"""The plugin beside the plugins that suites have."""

import json
from pathlib import Path

import pytest

from plugin import builds, suites

COMPANY = (
    "anyio",
    "asyncio",
    "django",
    "hypothesispytest",
    "pytest_cov",
    "randomly",
    "rerunfailures",
    "timeout",
)
SETTINGS = """
[pytest]
contracts_name = stock
contracts_dir = pacts
asyncio_default_fixture_loop_scope = function
"""
APP = """
def app(environ, start_response):
    if environ["PATH_INFO"] != "/stock/tea":
        raise LookupError("this line is never reached")
    start_response("200 OK", [("Content-Type", "application/json")])
    return [b'{"available": 5}']
"""
SUITE = """
import asyncio

import httpx
import pytest
import tallystick
from app import app

depot = tallystick.consumes("depot")
tried = []

def declare(depot, number):
    depot.expect(f"crate {number}").get(f"/crates/{number}").reply(200, json=number)
    return f"{depot.url}/crates/{number}"

async def ask(url):
    async with httpx.AsyncClient() as client:
        return (await client.get(url)).json()

@pytest.mark.parametrize("number", range(3))
def test_plain(depot, number):
    assert httpx.get(declare(depot, number)).json() == number

@pytest.mark.asyncio
async def test_asyncio(depot):
    assert await ask(declare(depot, "asyncio")) == "asyncio"

@pytest.mark.anyio
async def test_anyio(depot, anyio_backend):
    assert await ask(declare(depot, "anyio")) == "anyio"

@pytest.fixture
def anyio_backend():
    return "asyncio"

@pytest.mark.flaky(reruns=1)
def test_fails_at_first(depot):
    url = declare(depot, f"of try {len(tried)}")
    tried.append(url)
    httpx.get(url)
    assert len(tried) == 2

def test_contracts(contract):
    contract.verify(app)
"""
ASKED = {
    "consumer": {"name": "shop"},
    "provider": {"name": "stock"},
    "interactions": [
        {
            "description": "ask for tea",
            "request": {"method": "GET", "path": "/stock/tea"},
            "response": {"status": 200, "body": {"available": 5}},
        }
    ],
}


def test_all_together(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """In random order, with reruns, a worker, a timeout and coverage, each test counts once and the app is covered."""
    builds.forget(monkeypatch)
    pytester.makeini(SETTINGS)
    pytester.makepyfile(app=APP, test_suite=SUITE)
    pytester.makefile(".json", **{"pacts/shop-stock": json.dumps(ASKED)})
    result = suites.run(
        *("-n1", "-prandomly", "--timeout=60", "--cov=app", "--cov-report=term-missing"), plugins=COMPANY
    )
    result.stdout.fnmatch_lines(
        ["app.py * 80% * 3", "verified *stock for shop *1/1 honoured", "*7 passed, 1 rerun*"]
    )
    document = json.loads(Path("pacts/stock-depot.json").read_text(encoding="utf-8"))
    crates = ("0", "1", "2", "anyio", "asyncio", "of try 1")
    assert [each["description"] for each in document["interactions"]] == [f"crate {name}" for name in crates]
