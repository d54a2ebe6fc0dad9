"""The tutorial, played with the examples and a real broker."""

import os
import re
import shutil
import subprocess
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import databases
import live
from plugin import suites
from product import ROOT
from tallystick_broker.config import Config

TUTORIAL = ROOT / "docs/tutorial/first-contract.md"
ADDRESS = "http://127.0.0.1:9292"
ACTIVATION = ". .venv/bin/activate"
NOT_FOR_TESTS = ("tallystick serve", ACTIVATION)
"""Commands whose work a fixture does: the broker is there, and so are the programs."""

SEPARATOR = "\x1e"


@dataclass(frozen=True)
class Step:
    """A command of the tutorial and the lines of its output that are shown."""

    command: str
    shown: tuple[str, ...]


def read_blocks(language: str) -> list[str]:
    """Return the fenced blocks in this language."""
    return re.findall(
        rf"^```{language}\n(.*?)^```$", TUTORIAL.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )


def read_steps() -> list[Step]:
    """Return what is typed and what is shown, in order."""
    steps: list[Step] = []
    for block in read_blocks("console"):
        commands = re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]
        steps += [Step(command, tuple(shown)) for command, *shown in map(str.splitlines, commands)]
    return steps


def play(steps: list[Step], folder: Path, environ: dict[str, str]) -> list[list[str]]:
    """Type the commands into one shell; return the lines that each of them prints."""
    # The exit code of a command is still there for the next one.
    script = "".join(f"{step.command}\nstatus=$?; printf '{SEPARATOR}'; (exit $status)\n" for step in steps)
    result = subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    return [output.splitlines() for output in result.stdout.split(SEPARATOR)[:-1]]


def is_shown(shown: str, lines: Iterator[str]) -> bool:
    """Return whether one of the lines is as shown, where … stands for anything; takes the lines up to it."""
    pattern = re.compile(".*".join(map(re.escape, shown.split("…"))))
    return any(pattern.fullmatch(line.rstrip()) for line in lines)


def test_the_tutorial_shows_what_happens(tmp_path: Path) -> None:
    """Each command prints the lines that the tutorial shows, in their order; some show an exit code."""
    checkout = tmp_path / "checkout"
    shutil.copytree(ROOT / "examples", checkout / "examples", ignore=shutil.ignore_patterns("contracts"))
    own = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTEST_", *live.FOREIGN_SETTINGS))
    }
    own["PATH"] = os.pathsep.join([sysconfig.get_path("scripts"), own["PATH"]])
    with (
        databases.server("sqlite", tmp_path) as server,
        live.broker(databases.new_database(server), tmp_path) as address,
    ):
        steps = [
            Step(step.command.replace(ADDRESS, address), step.shown)
            for step in read_steps()
            if step.command not in NOT_FOR_TESTS
        ]
        options = {"PACT_DO_NOT_TRACK": "true", "PYTEST_ADDOPTS": " ".join(suites.block())}
        outputs = play(steps, checkout, own | options)
    for step, output in zip(steps, outputs, strict=True):
        lines = iter(output)
        for shown in step.shown:
            assert is_shown(shown, lines), (
                f"$ {step.command}\n" + "\n".join(output) + f"\n-- does not show: {shown}"
            )


@pytest.mark.parametrize("block", read_blocks("python"))
def test_the_code_is_that_of_the_examples(block: str) -> None:
    """The tutorial quotes the examples word for word."""
    assert any(block in path.read_text(encoding="utf-8") for path in ROOT.glob("examples/*/tests/*.py"))


def test_the_broker_is_where_the_tutorial_says() -> None:
    """A broker that is started without options is at the address that the tutorial goes on with."""
    (serve,) = [step for step in read_steps() if step.command == "tallystick serve"]
    assert serve.shown == (f"{live.ANNOUNCEMENT}{ADDRESS}",)
    assert f"http://{Config().host}:{Config().port}" == ADDRESS
