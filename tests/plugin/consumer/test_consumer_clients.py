"""The mock under every usual HTTP client, in threads, in loops, and in tests of every kind."""

import pytest

from plugin.consumer.consumer_suite import Suite, summary

CLIENTS = """
import asyncio
import json
import unittest
from concurrent.futures import ThreadPoolExecutor
from urllib.request import Request, urlopen

import aiohttp
import anyio
import httpx

def declare(mock, name):
    mock.expect(name).post("/" + name, json={"n": integer(1)}, query={"a": ["1", "ü"]}).reply(200, json={"n": like(2)})

def test_requests(inventory):
    declare(inventory, "requests")
    answer = requests.post(inventory.url + "/requests", params={"a": ["1", "ü"]}, json={"n": 7})
    assert answer.json() == {"n": 2}

def test_urllib(inventory):
    declare(inventory, "urllib")
    headers = {"Content-Type": "application/json"}
    request = Request(inventory.url + "/urllib?a=1&a=%C3%BC", json.dumps({"n": 7}).encode(), headers)
    with urlopen(request) as answer:
        assert json.load(answer) == {"n": 2}

def test_httpx(inventory):
    declare(inventory, "httpx")
    with httpx.Client(base_url=inventory.url) as client:
        assert client.post("/httpx", params={"a": ["1", "ü"]}, json={"n": 7}).json() == {"n": 2}

async def call_httpx(mock, name):
    async with httpx.AsyncClient(base_url=mock.url) as client:
        answer = await client.post("/" + name, params={"a": ["1", "ü"]}, json={"n": 7})
    assert answer.json() == {"n": 2}

async def call_aiohttp(mock, name):
    async with aiohttp.ClientSession() as session:
        params = [("a", "1"), ("a", "ü")]
        async with session.post(f"{mock.url}/{name}", params=params, json={"n": 7}) as answer:
            assert await answer.json() == {"n": 2}

@pytest.mark.asyncio
async def test_pytest_asyncio(inventory):
    declare(inventory, "asyncio-httpx")
    declare(inventory, "asyncio-aiohttp")
    await asyncio.gather(call_httpx(inventory, "asyncio-httpx"), call_aiohttp(inventory, "asyncio-aiohttp"))

@pytest.mark.anyio
async def test_anyio(inventory):
    declare(inventory, "anyio")
    async with anyio.create_task_group() as group:
        for _ in range(3):
            group.start_soon(call_httpx, inventory, "anyio")

@pytest.mark.asyncio
async def test_async_mismatch(inventory):
    declare(inventory, "async-mismatch")
    async with httpx.AsyncClient(base_url=inventory.url) as client:
        assert (await client.post("/async-mismatch", json={"n": 7})).status_code == 200

def test_threads(inventory):
    declare(inventory, "threads")
    def call(number):
        answer = requests.post(inventory.url + "/threads", params={"a": ["1", "ü"]}, json={"n": number})
        return answer.json()["n"]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(call, range(40))) == [2] * 40

class TestCase(unittest.TestCase):
    @pytest.fixture(autouse=True)
    def _mock(self, inventory):
        self.inventory = inventory

    def test_unittest(self):
        declare(self.inventory, "unittest")
        answer = requests.post(self.inventory.url + "/unittest", params={"a": ["1", "ü"]}, json={"n": 7})
        self.assertEqual(answer.json(), {"n": 2})

class AsyncCase(unittest.IsolatedAsyncioTestCase):
    @pytest.fixture(autouse=True)
    def _mock(self, inventory):
        self.inventory = inventory

    async def test_unittest(self):
        declare(self.inventory, "async-unittest")
        await call_httpx(self.inventory, "async-unittest")

@pytest.fixture
def anyio_backend():
    return "asyncio"
"""


def test_whatever_calls_the_mock_is_recorded(suite: Suite) -> None:
    """Each client and each kind of test declares, calls and records alike; async ones are told what was wrong too."""
    suite.configure('asyncio_default_fixture_loop_scope = "function"')
    suite.write("test_client.py", CLIENTS)
    result = suite.run(plugins=("anyio", "asyncio"))
    result.assert_outcomes(passed=8, failed=1)
    assert suite.descriptions() == [
        *("anyio", "async-unittest", "asyncio-aiohttp", "asyncio-httpx", "httpx"),
        *("requests", "threads", "unittest", "urllib"),
    ]
    result.stdout.fnmatch_lines(
        [
            "E   *assert 500 == 200",
            "*- contract mismatches -*",
            '  "async-mismatch"  test_client.py:*',
            "    POST /async-mismatch was sent, but not as declared:",
            "      query a  declared *  not sent  Expected query parameter *",
        ]
    )


SHARED = """
import httpx
import tallystick

prices = tallystick.consumes("prices-{scope}", scope="{scope}", consumer="till", specification=3)

@pytest.fixture(scope="{scope}")
def client(prices):
    with httpx.Client(base_url=prices.url) as client:
        yield client

class TestPrices:
    @pytest.mark.parametrize("sku", ["ale", "tea"])
    def test_price(self, prices, client, sku):
        prices.expect(f"price of {{sku}}").get(f"/prices/{{sku}}").reply(200, json=len(sku))
        assert client.get(f"/prices/{{sku}}").json() == 3

    def test_breaks(self, prices, client):
        prices.expect("more").get("/more").reply(200)
        client.get("/prices/ale")

    def test_is_not_blamed_for_others(self, prices, client):
        prices.message("new price", json=1)

    def test_needs_nothing(self):
        pass
"""
SCOPES = ("session", "package", "module", "class", "function")


@pytest.mark.parametrize("arguments", [["-pno:xdist"], ["-n1"]])
def test_a_mock_of_any_scope_keeps_its_address(suite: Suite, arguments: list[str]) -> None:
    """Fixtures of its scope can be built upon its address, while each test begins with a mock that knows nothing."""
    for scope in SCOPES:
        suite.write(f"test_{scope}.py", SHARED.format(scope=scope))
    result = suite.run(*arguments)
    result.assert_outcomes(passed=3 * len(SCOPES), failed=2 * len(SCOPES))
    told = [line for line in result.outlines if line.startswith("    ") and "never" in line]
    assert told.count("    GET /more was never sent") == told.count("    the message was never handled") == 5
    assert summary(result) == [
        f"recorded  contracts/till-prices-{scope}.json{' ' * (8 - len(scope))}  2 interactions (+2 -0 ~0)"
        for scope in sorted(SCOPES)
    ]
    path = suite.pytester.path / "contracts" / "till-prices-class.json"
    assert '"version": "3.0.0"' in path.read_text(encoding="utf-8")
