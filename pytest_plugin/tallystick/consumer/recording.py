"""The contracts that a run's passing tests recorded, put into their files by one writer."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tallystick.consumer import contract_file
from tallystick.consumer.contract_file import ContractFile
from tallystick.consumer.merging import Conflict, Merged, Owned, merge
from tallystick_contracts.fingerprint import INTERACTION_LISTS
from tallystick_contracts.interactions import ContractError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    Fragments = list[tuple[str, dict[str, Any]]]
    """Tests and, for each, one contract that it declared."""


class RecordingError(Exception):
    """The contracts of a run cannot be written, and none was; each argument is one reason."""

    def __str__(self) -> str:
        return "\n".join(map(str, self.args))


@dataclass(frozen=True)
class Written:
    """One contract after a run; `recorded` when a test of this run declared something of it."""

    file: ContractFile
    merged: Merged
    recorded: bool

    @property
    def touched(self) -> bool:
        """Whether this run had anything to say on it."""
        return self.recorded or bool(self.merged.removed)

    @property
    def unproven(self) -> list[str]:
        """The tests that own a part of it and did not pass in this run."""
        return sorted({owned.test for owned in self.merged.kept if owned.test})


@dataclass(frozen=True)
class Outcomes:
    """What became of the tests: the contracts of those that passed, by node id, and which ones no longer exist."""

    passed: Mapping[str, list[dict[str, Any]]]
    gone: Callable[[str], bool]


def record(tests: Outcomes, folder: Path) -> list[Written]:
    """Write the contracts that the tests declared into the folder; without any, nothing is touched.

    Returns them and their consumers' other contracts, from which only what lost its test is removed. Raises
    RecordingError, before anything is written, when tests contradict each other or a file is not what its name
    says.
    """
    fragments = _by_file(tests, folder)
    if not fragments:
        return []
    problems: list[str] = []
    planned: list[Written] = []
    for path, declared in (fragments | _neglected(fragments, folder)).items():
        try:
            planned.append(_plan(_file(path, declared), declared, tests))
        except ContractError as error:
            problems.append(str(error))
    problems += [
        _contradiction(item, written.file.path) for written in planned for item in written.merged.conflicts
    ]
    if problems:
        raise RecordingError(*problems)
    for written in planned:
        if written.touched:
            _put(written)
    return planned


def _by_file(tests: Outcomes, folder: Path) -> dict[Path, Fragments]:
    fragments: dict[Path, Fragments] = defaultdict(list)
    for test, documents in sorted(tests.passed.items()):
        for document in documents:
            path = contract_file.path_of(folder, document["consumer"]["name"], document["provider"]["name"])
            fragments[path].append((test, document))
    return fragments


def _file(path: Path, declared: Fragments) -> ContractFile:
    """The contract that is there, or an empty one; another one with the same file name is refused."""
    pairs = {(document["consumer"]["name"], document["provider"]["name"]) for _, document in declared}
    there = contract_file.load(path) if path.exists() else None
    if there:
        pairs.add((there.consumer, there.provider))
    if len(pairs) > 1:
        named = " and ".join(f"{consumer} with {provider}" for consumer, provider in sorted(pairs))
        raise ContractError(f"{_shown(path)} would hold two contracts, {named}: rename a participant")
    ((consumer, provider),) = pairs
    return there or ContractFile(path, consumer, provider, {})


def _plan(file: ContractFile, declared: Fragments, tests: Outcomes) -> Written:
    before = contract_file.owned_interactions(file.document)
    _refuse_repeated(before, file.path)
    now = [
        Owned(interaction, test)
        for test, document in declared
        for key in INTERACTION_LISTS
        for interaction in document.get(key, [])
    ]
    merged = merge(before, now, passed=tests.passed.__contains__, gone=tests.gone)
    metadata: dict[str, Any] = {}
    for _, document in declared:
        metadata |= document["metadata"]
    after = contract_file.with_interactions(file, merged.interactions, metadata)
    if merged.kept and file.specification != after.specification:
        raise ContractError(
            f"{_shown(file.path)} is written in Pact specification {file.specification} and holds interactions that "
            f"this run, in specification {after.specification}, did not record: run all tests, or remove the file"
        )
    return Written(after, merged, recorded=bool(declared))


def _neglected(fragments: dict[Path, Fragments], folder: Path) -> dict[Path, Fragments]:
    """The same consumers' other contracts, of which no test of this run declared anything."""
    consumers = {document["consumer"]["name"] for declared in fragments.values() for _, document in declared}
    others = [path for path in sorted(folder.glob("*.json")) if path not in fragments]
    return {path: [] for path in others if _consumer_of(path) in consumers}


def _consumer_of(path: Path) -> str | None:
    try:
        return contract_file.load(path).consumer
    except ContractError:
        return None


def _put(written: Written) -> None:
    if written.merged.interactions:
        contract_file.save(written.file)
    else:
        written.file.path.unlink(missing_ok=True)


def _refuse_repeated(before: list[Owned], path: Path) -> None:
    counted = Counter(owned.key for owned in before)
    twice = next((owned for owned in before if counted[owned.key] > 1), None)
    if twice:
        raise ContractError(
            f"{_shown(path)} holds {twice.description!r} twice with the same states: remove one"
        )


def _contradiction(conflict: Conflict, path: Path) -> str:
    one, other = conflict.tests
    what = f'"{conflict.description}" in {_shown(path)} is declared differently by {one} and {other}'
    if conflict.kept:
        return f"{what}; only the latter passed in this run: run both"
    return f"{what}: let them agree, or give them different words"


def _shown(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"
