"""Shows that the tests of the gate's rule catch wrong rules: `make mutations`.

Each mutation is made in a copy of the broker, and the estates have to tell it from the definition.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "broker" / "tallystick_broker"
PASSED, FAILED = 0, 1
"""The exit codes of pytest that say something of the rule."""


@dataclass(frozen=True)
class Mutation:
    """A wrong rule: what would be wrong about it, and the text that makes it so, which is in the module once."""

    name: str
    module: str
    text: str
    replacement: str


MUTATIONS = (
    Mutation(
        "one of several live provider versions is enough",
        "gate/matrix.py",
        'key += (row.provider.id,) if grouping == "cvpv" else ()',
        "key += ()",
    ),
    Mutation(
        "a live version without a result is left out beside one that has a result",
        "gate/matrix.py",
        "return rows + [replace(contract, provider=ref) for ref in needed if ref not in verified]",
        "return rows",
    ),
    Mutation(
        "a failure outranks what is not known",
        "gate/verdict.py",
        "return None if unknown else not failed",
        "return False if failed else (None if unknown else True)",
    ),
    Mutation(
        "what is not known is waved through",
        "gate/verdict.py",
        "return None if unknown else not failed",
        "return not failed",
    ),
    Mutation(
        "a version that consumes itself does not meet its live versions",
        "gate/matrix.py",
        "and (each.participant in selves or (len(asked) > 1 and not each.leaves))",
        "and len(asked) > 1 and not each.leaves",
    ),
    Mutation(
        "what goes together does not meet the released versions that stay",
        "gate/matrix.py",
        "and (each.participant in selves or (len(asked) > 1 and not each.leaves))",
        "and each.participant in selves",
    ),
    Mutation(
        "what goes together still meets the versions that leave",
        "gate/matrix.py",
        "met = [each for each in versions[row.provider.name] if is_own or not each.leaves]",
        "met = versions[row.provider.name]",
    ),
    Mutation(
        "two versions that are both live already are judged as well",
        "gate/matrix.py",
        "if not versions.isdisjoint((row.consumer.id, row.provider.id))",
        "if True",
    ),
    Mutation(
        "ignoring a version ignores every version of its service",
        "gate/matrix.py",
        "return selector.participant == ref.name and selector.version in (None, ref.number)",
        "return selector.participant == ref.name",
    ),
    Mutation(
        "an override of one side is enough",
        "gate/facts.py",
        "return all(mine.name == its.name and mine.number in (None, its.number) for mine, its in pairs)",
        "return any(mine.name == its.name and mine.number in (None, its.number) for mine, its in pairs)",
    ),
    Mutation(
        "nothing to judge is a yes even if contracts are required",
        "gate/verdict.py",
        "bool(missing) or (required and not judged and not absent)",
        "bool(missing)",
    ),
    Mutation(
        "a plan lets go what does not fit what stays",
        "gate/plan.py",
        "if other.name == mine.name or other.name not in candidates:",
        "if other.name == mine.name:",
    ),
    Mutation(
        "a released version is thought to leave when its service's new version comes",
        "gate/plan.py",
        "if other.id in staying:",
        "if False:",
    ),
    Mutation(
        "of two candidates that exclude each other both are planned",
        "gate/plan.py",
        "rivals = [other for other in doubts[key].new if other in left]",
        "rivals: list[str] = []",
    ),
    Mutation(
        "what needs a blocked candidate is planned",
        "gate/plan.py",
        "if key not in reasons:\n                reasons[key] = [_tell_need(",
        "if False:\n                reasons[key] = [_tell_need(",
    ),
    Mutation(
        "what needs two that exclude each other is planned",
        "gate/plan.py",
        "for two in doubts[one].new if two in needed",
        "for two in () if two in needed",
    ),
    Mutation(
        "a group is planned one after the other",
        "gate/plan.py",
        "group = {key: frozenset(other for other in reached[key] if key in reached[other]) for key in needs}",
        "group = {key: frozenset({key}) for key in needs}",
    ),
)


def main() -> int:
    """Return 0 when the rule as it is passes, and each mutation of it fails."""
    if run_tests(PACKAGE.parent) != PASSED:
        say("The rule as it is does not pass: mend it first.")
        return 1
    survivors = [mutation for mutation in MUTATIONS if not is_caught(mutation)]
    say(f"{len(MUTATIONS) - len(survivors)} of {len(MUTATIONS)} mutations are caught.")
    return 1 if survivors else 0


def is_caught(mutation: Mutation) -> bool:
    """Return whether the tests fail for a mutation, and say so."""
    with mutated(mutation) as folder:
        caught = run_tests(folder) == FAILED
    say(f"{'caught  ' if caught else 'SURVIVES'}  {mutation.name}")
    return caught


@contextmanager
def mutated(mutation: Mutation) -> Iterator[Path]:
    """Yield a folder with a copy of the broker's package that has the mutation."""
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name) / PACKAGE.name
        shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
        module = copy / mutation.module
        text = module.read_text(encoding="utf-8")
        if text.count(mutation.text) != 1:
            raise ValueError(f"{mutation.module} does not have this text once: {mutation.text}")
        module.write_text(text.replace(mutation.text, mutation.replacement), encoding="utf-8")
        yield Path(name)


def run_tests(folder: Path) -> int:
    """Return pytest's exit code for the pure tests of the rule, with the broker's package from this folder."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-k", "pure"]
    environ = os.environ | {"PYTHONPATH": str(folder), "TALLYSTICK_TEST_PROFILE": "mutations"}
    tests = ("tests/broker/gate/test_gate_estates.py", "tests/broker/gate/test_gate_plans.py")
    return subprocess.run(
        [*command, *tests], cwd=ROOT, env=environ, capture_output=True, check=False
    ).returncode


def say(text: str) -> None:
    """Write a line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
