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
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    Fragments = list[tuple[str, dict[str, Any]]]
    """Tests and, for each, one contract that it declared."""


class RecordingError(Exception):
    """The contracts of a run cannot be written, and none was; each argument is one reason."""

    def __str__(self) -> str:
        return "\n".join(map(str, self.args))


@dataclass(frozen=True)
class Planned:
    """One contract as it is to be after a run; `recorded` when a test of this run declared something of it."""

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

    @property
    def differs(self) -> bool:
        """Whether the file is not yet what it is to be; how its lines end is a matter of the checkout."""
        there = self.file.path.read_text(encoding="utf-8") if self.file.path.exists() else ""
        return there != (contract_file.render(self.file) if self.merged.interactions else "")

    def write(self) -> None:
        """Make the file what it is to be; without any interaction it goes."""
        if self.merged.interactions:
            contract_file.save(self.file)
        else:
            self.file.path.unlink(missing_ok=True)


@dataclass(frozen=True)
class Outcomes:
    """What became of the tests: the contracts of those that passed, by node id, and which no longer exist.

    `gone` is asked with None for what no test is known to own.
    """

    passed: Mapping[str, list[dict[str, Any]]]
    gone: Callable[[str | None], bool]


def plan(tests: Outcomes, folder: Path, consumer: str | None = None) -> list[Planned]:
    """Return the contracts that the tests declared as they are to be, of which none is written yet.

    Among them are the other contracts of their consumers, and of `consumer`, from which only what is gone is
    removed. Raises RecordingError when tests contradict each other or a file is not what its name says.
    """
    fragments = _by_file(tests, folder)
    consumers = {document["consumer"]["name"] for declared in fragments.values() for _, document in declared}
    neglected = _contracts_of(consumers | {consumer}, folder)
    problems: list[str] = []
    planned: list[Planned] = []
    for path in {*neglected, *fragments}:
        declared = fragments.get(path, [])
        try:
            planned.append(_plan(_file(path, declared), declared, tests))
        except ContractError as error:
            problems.append(str(error))
    problems += [_contradiction(item, each.file.path) for each in planned for item in each.merged.conflicts]
    if problems:
        raise RecordingError(*problems)
    return sorted(planned, key=lambda each: each.file.path)


def write(planned: Iterable[Planned]) -> None:
    """Make the files what they are to be; those of which this run had nothing to say stay as they are."""
    for each in planned:
        if each.touched:
            each.write()


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


def _plan(file: ContractFile, declared: Fragments, tests: Outcomes) -> Planned:
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
    return Planned(after, merged, recorded=bool(declared))


def _contracts_of(consumers: set[str | None], folder: Path) -> list[Path]:
    return [path for path in sorted(folder.glob("*.json")) if _consumer_of(path) in consumers - {None}]


def _consumer_of(path: Path) -> str | None:
    try:
        return contract_file.load(path).consumer
    except ContractError:
        return None


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
