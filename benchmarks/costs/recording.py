"""What a consumer's test costs beside one with pact-python alone.

The clock runs while pytest runs the tests. A test of pact-python has to write its contract, as its documentation
teaches, or nothing is recorded; how long a test takes that leaves it out is told as well.
"""

import shutil
from pathlib import Path

from costs.runs import OURS as PLUGIN
from costs.runs import compare, run, say

TESTS = 200
DECLARED = '{"sku": "tea", "quantity": 2}'
CLOCK = """
import time
import pytest

@pytest.hookimpl(wrapper=True)
def pytest_runtestloop():
    began = time.perf_counter()
    result = yield
    with open("seconds", "w") as file:
        file.write(str(time.perf_counter() - began))
    return result
"""
OURS = f"""
import pytest, requests, tallystick
from tallystick import like

inventory = tallystick.consumes("inventory")

@pytest.mark.parametrize("number", range({TESTS}))
def test_ours(inventory, number):
    (
        inventory.given("there is stock", sku="tea", available=5)
        .expect(f"reserve {{number}}")
        .post("/reservations", json={DECLARED})
        .reply(201, json={{"id": like("r-1"), "held_until": like("2026-11-24")}})
    )
    answer = requests.post(inventory.url + "/reservations", json={DECLARED})
    assert answer.json()["id"] == "r-1"
"""
RAW = f"""
import pytest, requests
from pact import Pact, match

@pytest.fixture
def pact(tmp_path_factory):
    pact = Pact("checkout", "inventory").with_specification("V4")
    yield pact
    FINISH

@pytest.mark.parametrize("number", range({TESTS}))
def test_raw(pact, number):
    (
        pact.upon_receiving(f"reserve {{number}}")
        .given("there is stock", {{"sku": "tea", "available": 5}})
        .with_request("POST", "/reservations")
        .with_body({DECLARED}, "application/json")
        .will_respond_with(201)
        .with_body({{"id": match.like("r-1"), "held_until": match.like("2026-11-24")}}, "application/json")
    )
    with pact.serve("127.0.0.1") as server:
        answer = requests.post(str(server.url) + "/reservations", json={DECLARED})
    assert answer.json()["id"] == "r-1"
"""
WRITING = RAW.replace("FINISH", 'pact.write_file("contracts")')
SPARING = RAW.replace("FINISH", "pass")


def measure(folder: Path, rounds: int) -> None:
    """Print the medians of what a test takes and of the ratios."""
    (folder / "pytest.ini").write_text("[pytest]\ncontracts_name = checkout\n")
    (folder / "conftest.py").write_text(CLOCK)
    for kind, text in (("writes its contract", WRITING), ("writes nothing", SPARING)):
        raw, ours, ratio = compare(
            rounds, lambda text=text: time_tests(folder, text), lambda: time_tests(folder, OURS, PLUGIN)
        )
        say(
            f"a consumer's test: {1000 * ours / TESTS:.1f} ms, "
            f"raw one that {kind} {1000 * raw / TESTS:.1f} ms: {ratio:.2f} times; limit 1.3"
        )
    (folder / "conftest.py").unlink()


def time_tests(folder: Path, text: str, *arguments: str) -> float:
    """Return in how many seconds the tests of this suite run."""
    (folder / "test_suite.py").write_text(text)
    shutil.rmtree(folder / "contracts", ignore_errors=True)
    run(folder, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments)
    return float((folder / "seconds").read_text())
