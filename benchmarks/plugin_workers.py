"""What eight workers lose of 400 interactions when one is killed: `python benchmarks/plugin_workers.py [ROUNDS]`.

Each run's contract is held, byte for byte, against the one that a run without workers writes.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROUNDS = 20
WORKERS, EACH = 8, 50
SETTINGS = "[pytest]\ncontracts_name = checkout\n"
CONTRACT = Path("contracts", "checkout-inventory.json")
SUITE = """\
import os
import signal

import pytest
import requests
import tallystick
from tallystick import like

inventory = tallystick.consumes("inventory")

@pytest.mark.parametrize("number", range({count}))
def test_item(inventory, number):
    declared = inventory.given("item", id=number).expect(f"show {{number}}")
    declared.get(f"/items/{{number}}").reply(200, json=like(number))
    assert requests.get(f"{{inventory.url}}/items/{{number}}").json() == number
    if number == {deadly}:
        os.kill(os.getpid(), signal.SIGKILL)
"""


def main() -> None:
    """Print how many interactions arrived in each run, and whether their bytes are the expected ones."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    count = WORKERS * EACH
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "pytest.ini").write_text(SETTINGS)
        expected = record(folder, suite(count), "-pno:xdist")
        for deadly, text in ((-1, expected), (count // 2, without(expected, count // 2))):
            found = [record(folder, suite(count, deadly), f"-n{WORKERS}") for _ in range(rounds)]
            kept = sorted({len(json.loads(each)["interactions"]) for each in found})
            what = "one is killed" if deadly >= 0 else "none is killed"
            same = sum(each == text for each in found)
            sys.stdout.write(
                f"{WORKERS} workers x {EACH} interactions, {what}: {' or '.join(map(str, kept))} of {count} kept, "
                f"{same} of {rounds} runs with the bytes of a serial run\n"
            )
            sys.stdout.flush()
            if same < rounds:
                sys.exit("interactions were lost or changed")


def suite(count: int, deadly: int = -1) -> str:
    """Return a suite that records as many interactions; the test with the deadly number kills its process."""
    return SUITE.format(count=count, deadly=deadly)


def without(contract: str, number: int) -> str:
    """Return the text of the contract as it is without the interaction of this number."""
    document = json.loads(contract)
    document["interactions"] = [
        each for each in document["interactions"] if each["description"] != f"show {number}"
    ]
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def record(folder: Path, text: str, *arguments: str) -> str:
    """Return the text of the contract that a run of this suite writes from nothing."""
    (folder / "test_suite.py").write_text(text)
    (folder / CONTRACT).unlink(missing_ok=True)
    environ = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PACT_DO_NOT_TRACK": "true"}
    plugins = ("-ppytest_tallystick", *(() if "-pno:xdist" in arguments else ("-pxdist.plugin",)))
    command = [sys.executable, "-m", "pytest", "-q", "-pno:cacheprovider", *plugins, *arguments]
    subprocess.run(command, cwd=folder, env=environ, check=False, capture_output=True)  # noqa: S603 (of our own)
    return (folder / CONTRACT).read_text(encoding="utf-8")


if __name__ == "__main__":
    main()
