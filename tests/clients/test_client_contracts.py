"""What real clients expect of a broker, verified with our own plugin."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = "client-contracts"
VARIABLE = "TALLYSTICK_CLIENT_CONTRACTS"
ROOT = Path(__file__).parents[2]


def test_the_ruby_client_gets_what_it_expects(tmp_path: Path) -> None:
    """Each interaction of the client's own contract is honoured, on both databases."""
    command = [sys.executable, "-m", "pytest", str(Path(__file__).parent / "ruby" / "suite.py"), "-q"]
    command += ["-o", "contracts_name=Pact Broker", f"--contracts-from={find_contracts()}"]
    command += ["-p", "no:cacheprovider", f"--basetemp={tmp_path}", f"--rootdir={ROOT}"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert run.returncode == 0, run.stdout + run.stderr
    (honoured,) = re.findall(r"(\d+)/\1 honoured", run.stdout)
    assert int(honoured) > 60


def find_contracts() -> Path:
    """Return the folder of the clients' contracts, which belong to others and are not part of this project."""
    named = os.environ.get(VARIABLE)
    places = [ROOT / FOLDER, ROOT.parent / FOLDER, *ROOT.parent.glob(f"*/{FOLDER}")]
    found = [place for place in ([Path(named)] if named else places) if any(place.glob("*.json"))]
    if not found:
        pytest.skip(f"there are no contracts of clients here: set {VARIABLE} to a folder that has them")
    return found[0]
