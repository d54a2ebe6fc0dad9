"""What the plugin costs beside pact-python, and where it is not used: `python benchmarks/plugin_recording.py [ROUNDS]`.

Suites run in turns, with no plugins but ours; of each the time is taken in which its tests run. What a run without
contracts pays is the time in which Python imports the plugin and pytest calls it.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROUNDS = 9
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
EMPTY = "import pytest\n@pytest.mark.parametrize('number', range(3000))\ndef test_empty(number):\n    pass\n"
METER = """
import functools, importlib, sys, time
import pytest

def measured(function):
    @functools.wraps(function)
    def wrapper(*arguments, **named):
        global spent
        began = time.perf_counter()
        try:
            return function(*arguments, **named)
        finally:
            spent += time.perf_counter() - began
    return wrapper

spent = 0.0
plugin = measured(importlib.import_module)("tallystick.plugin")
for name, value in list(vars(plugin).items()):
    if name.startswith("pytest_") and name != "pytest_make_collect_report":
        setattr(plugin, name, measured(value))
pytest.main(["-q", "-p", "tallystick.plugin"])
open("seconds", "w").write(str(spent))
"""


def main() -> None:
    """Print the medians of what each takes, of their ratios and of their differences."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "pytest.ini").write_text("[pytest]\ncontracts_name = checkout\n")
        (folder / "conftest.py").write_text(CLOCK)
        for kind, text in (("that writes its contract", WRITING), ("that writes nothing", SPARING)):
            pairs = [(run(folder, text), run(folder, OURS, "tallystick.plugin")) for _ in range(rounds)]
            raw, ours = (1000 * statistics.median(column) / TESTS for column in zip(*pairs, strict=True))
            ratio = statistics.median(ours / raw for raw, ours in pairs)
            say(f"a test: ours {ours:.1f} ms, raw {kind} {raw:.1f} ms: {ratio:.2f} times, the limit is 1.3")
        (folder / "pytest.ini").write_text("[pytest]\n")
        pairs = [(run(folder, EMPTY), run(folder, EMPTY, "tallystick.plugin")) for _ in range(rounds)]
        more = statistics.median(loaded - bare for bare, loaded in pairs) / 3000
        say(f"a test without contracts: {1e6 * more:+.0f} µs of {1e6 * pairs[0][0] / 3000:.0f} µs")
        (folder / "test_suite.py").write_text("def test_nothing():\n    pass\n")
        start = statistics.median(meter(folder) for _ in range(rounds))
        say(f"a run without contracts: {1000 * start:.2f} ms, the limit is 1 ms")


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def run(folder: Path, text: str, *plugins: str) -> float:
    """Return in how many seconds the tests of this suite run, with these plugins."""
    (folder / "test_suite.py").write_text(text)
    shutil.rmtree(folder / "contracts", ignore_errors=True)
    return seconds(folder, "-m", "pytest", "-q", "-p", "no:cacheprovider", *(f"-p{name}" for name in plugins))


def meter(folder: Path) -> float:
    """Return how many seconds our plugin takes of a run that has one test, and no use for it."""
    return seconds(folder, "-c", METER)


def seconds(folder: Path, *arguments: str) -> float:
    """Return the seconds that a program writes down."""
    environ = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PACT_DO_NOT_TRACK": "true"}
    command = [sys.executable, *arguments]
    subprocess.run(command, cwd=folder, env=environ, check=True, capture_output=True)  # noqa: S603 (of our own)
    return float((folder / "seconds").read_text())


if __name__ == "__main__":
    main()
