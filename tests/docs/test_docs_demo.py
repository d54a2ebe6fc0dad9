"""The demo, as `make demo` plays it."""

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from product import ROOT
from tallystick_client import Broker, BrokerUnreachable


def play(
    folder: Path, script: Path = ROOT / "examples/demo.py", **variables: str
) -> subprocess.CompletedProcess[str]:
    """Play the demo in this folder, with this folder for temporary files."""
    options = {"TMPDIR": str(folder), "KEEP": ""}
    return subprocess.run(
        [sys.executable, script],
        cwd=folder,
        env=os.environ | options | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )


def find_address(pattern: str, output: str) -> str:
    """Return where the demo says that its broker is."""
    (address,) = re.findall(pattern, output)
    return str(address)


def test_the_demo_ends_with_a_no(tmp_path: Path) -> None:
    """The demo shows a yes, then a no with its reasons; with KEEP=1 its broker runs on until it is stopped."""
    before = set((ROOT / "examples").rglob("*"))
    result = play(tmp_path, KEEP="1")
    assert result.returncode == 0, result.stdout
    yes, no = (
        result.stdout.index("YES: inventory 1.0.0 can"),
        result.stdout.index("NO: inventory 2.0.0 cannot"),
    )
    assert yes < no < result.stdout.index('Interaction "reserve two of five"', no)
    assert set((ROOT / "examples").rglob("*")) == before
    try:
        with Broker(find_address(r"The broker at (\S+) runs", result.stdout)) as broker:
            assert [each.name for each in broker.environments()] == ["production"]
    finally:
        (process,) = re.findall(r"runs on as process (\d+)", result.stdout)
        os.kill(int(process), signal.SIGTERM)


def test_a_demo_that_goes_wrong_says_so(tmp_path: Path) -> None:
    """When a step does not end as promised the demo stops there, with its broker, and leaves nothing behind."""
    examples = shutil.copytree(ROOT / "examples", tmp_path / "examples")
    suite = examples / "checkout/tests/test_checkout.py"
    suite.write_text(suite.read_text() + "\n\ndef test_of_a_bad_day() -> None:\n    assert not 'my day'\n")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    result = play(temporary, examples / "demo.py")
    assert result.returncode == 1, result.stdout
    assert result.stdout.endswith("The demo did not go as it should: the exit code is 1, not 0\n")
    assert list(temporary.iterdir()) == []
    address = find_address(r"Tallystick is listening on (\S+)", result.stdout)
    with Broker(address, retries=0) as broker, pytest.raises(BrokerUnreachable):
        broker.environments()
