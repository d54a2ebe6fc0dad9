"""Random histories of services, and the matrix of their versions by the letter of the rules.

The rules are the Pact Broker's for questions without an environment, written down a second time over plain lists.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from story import Story

NAMES = ("ant", "bee", "cat")
PAIRS = (("ant", "bee"), ("bee", "cat"), ("cat", "bee"))
NUMBERS = ("1", "2")
WORDS = ("main", "dev")
"""Branches, and tags too."""

Named = tuple[str, str]
Meant = tuple[str, str | None]
"""A participant with the number of a version that is meant; None for all of them, MISSING for none."""

MISSING = "missing"


@dataclass(frozen=True)
class Row:
    """A contract with a result, or without one."""

    consumer: Named
    provider: tuple[str, str | None]
    result: int | None = None
    success: bool | None = None
    ignored: bool = False


@dataclass(frozen=True)
class Query:
    """A question: selectors, the target, what is ignored, and how to list."""

    selectors: tuple[dict[str, str], ...]
    target: dict[str, str] = field(default_factory=dict)
    ignore: tuple[dict[str, str], ...] = ()
    latestby: str = ""
    success: tuple[str, ...] = ()

    def pairs(self) -> list[tuple[str, str]]:
        """Return the question as the parameters of a query."""
        found = [(f"q[][{key}]", text) for each in self.selectors for key, text in each.items()]
        found += [(f"ignore[][{key}]", text) for each in self.ignore for key, text in each.items()]
        found += [("success[]", text) for text in self.success] + list(self.target.items())
        return [*found, ("latestby", self.latestby)]


@dataclass
class World:
    """What is known: versions in their order, contracts by consumer version and provider, and results."""

    contents: dict[tuple[Named, str], str] = field(default_factory=dict)
    versions: list[Named] = field(default_factory=list)
    branches: dict[Named, list[Named]] = field(default_factory=dict)
    tags: dict[Named, list[Named]] = field(default_factory=dict)
    results: list[tuple[Named, tuple[str, str, str], bool]] = field(default_factory=list)
    """Provider version, content (consumer, provider, text), success; the index is the order."""

    def tell(self, story: Story, steps: Iterable[tuple[Any, ...]]) -> None:
        """Let these steps happen, here and in the story."""
        for name in NAMES:
            story.participant(name, main_branch="main")
            self._add(story, name, "0")
        for kind, *arguments in steps:
            getattr(self, f"_{kind}")(story, *arguments)

    def _add(self, story: Story, name: str, number: str) -> Named:
        story.version(name, number)
        if (name, number) not in self.versions:
            self.versions.append((name, number))
        return name, number

    def _branch(self, story: Story, name: str, number: str, word: str) -> None:
        version = self._add(story, name, number)
        members = self.branches.setdefault((name, word), [])
        members += [version] * (version not in members)
        story.branch(name, number, word)

    def _tag(self, story: Story, name: str, number: str, word: str) -> None:
        self._branch(story, name, number, "any")  # so that the tag does not name its first branch
        version = self._add(story, name, number)
        members = self.tags.setdefault((name, word), [])
        members += [version] * (version not in members)
        story.tag(name, number, word)

    def _publish(self, story: Story, pair: Named, number: str, text: str) -> None:
        consumer, provider = pair
        version = self._add(story, consumer, number)
        text = self.contents.setdefault((version, provider), text)
        story.publish(consumer, number, provider, content=text)

    def _verify(self, story: Story, pair: Named, of: str, number: str, success: bool) -> None:
        consumer, provider = pair
        if ((consumer, of), provider) in self.contents:
            version = self._add(story, provider, number)
            text = self.contents[(consumer, of), provider]
            self.results.append((version, (consumer, provider, text), success))
            story.verify(provider, number, (consumer, of), success)

    def answer(self, query: Query) -> tuple[bool | None, tuple[int, int, int], list[Row]]:
        """Return whether it is deployable, how many are successes, failures and unknown, and the rows."""
        specified = [meant for each in query.selectors for meant in self._resolve(each)]
        required, others = self._connected(query, specified)
        inferred = [
            meant for name in others for meant in self._resolve({"pacticipant": name, **query.target})
        ]
        rows = self._reduce(self._rows(query, specified, inferred), query.latestby)
        wanted = [{"true": True, "false": False, "": None}[text] for text in query.success]
        rows = [row for row in rows if not wanted or row.success in wanted]
        rows = [replace(row, ignored=self._is_ignored(row, query)) for row in rows]
        judged = [row.success for row in rows if not row.ignored]
        present = {(row.consumer[0], row.provider[0]) for row in rows}
        unknown = judged.count(None) + len([pair for pair in required if pair not in present])
        missing = [
            name
            for name, number in specified
            if number == MISSING and {"pacticipant": name} not in query.ignore
        ]
        deployable = False if missing else None if unknown else False not in judged
        return deployable, (judged.count(True), judged.count(False), unknown), self._sort(rows)

    def _resolve(self, selector: dict[str, str]) -> list[Meant]:
        name = selector["pacticipant"]
        if len(selector) == 1:
            return [(name, None)]
        found = [version for version in self.versions if version[0] == name]
        if "version" in selector:
            found = [version for version in found if version[1] == selector["version"]]
        if "tag" in selector:
            found = [version for version in found if version in self.tags.get((name, selector["tag"]), [])]
        branch = "main" if "mainBranch" in selector else selector.get("branch")
        if branch:
            members = self.branches.get((name, branch), [])
            found = members[-1:] if "latest" in selector else [each for each in found if each in members]
        if "latest" in selector:
            found = found[-1:]
        return [*found] or [(name, MISSING)]

    def _connected(self, query: Query, specified: list[Meant]) -> tuple[set[Named], list[str]]:
        """Return the pairs that need a row, and whose versions the target names."""
        names = {name for name, _ in specified}
        pairs = {
            (version[0], provider)
            for version, provider in self.contents
            if self._is_among(version, specified)
        }
        if not query.target and len(specified) > 1:
            pairs = {pair for pair in pairs if pair[1] in names}
        if not query.target:
            return pairs, []
        consumers = {version[0] for version, provider in self.contents if provider in names}
        return pairs, sorted(({provider for _, provider in pairs} | consumers) - names)

    def _rows(self, query: Query, specified: list[Meant], inferred: list[Meant]) -> Iterator[Row]:
        selected = specified + inferred
        asked, known = {name for name, _ in specified}, {name for name, _ in selected}
        is_one = len(selected) == 1
        for (version, provider), text in self.contents.items():
            content = (version[0], provider, text)
            found = [
                Row(version, verifier, number, success)
                for number, (verifier, of, success) in enumerate(self.results)
                if of == content and (not query.latestby or self._is_last(number))
            ]
            verified = [row for row in found if self._is_among(row.provider, selected)]
            if is_one:
                is_consumer = self._is_among(version, selected)
                yield from (found or [Row(version, (provider, None))]) if is_consumer else verified
            elif self._is_among(version, selected) and provider in known and {version[0], provider} & asked:
                yield from verified or [Row(version, (provider, None))]

    def _is_last(self, number: int) -> bool:
        verifier, content, _ = self.results[number]
        return not any(each[:2] == (verifier, content) for each in self.results[number + 1 :])

    def _is_among(self, version: tuple[str, str | None], selected: list[Meant]) -> bool:
        return any(version[0] == name and number in (None, version[1]) for name, number in selected)

    def _is_ignored(self, row: Row, query: Query) -> bool:
        return any(
            each["pacticipant"] == name and each.get("version", number) == number
            for each in query.ignore
            for name, number in (row.consumer, row.provider)
        )

    def _reduce(self, rows: Iterable[Row], latestby: str) -> list[Row]:
        groups: dict[Any, list[Row]] = {}
        for row in self._sort(rows):
            key: tuple[Any, ...] = (row.consumer[0], row.provider[0])
            key += (row.consumer[1],) if latestby != "cp" else ()
            key += (row.provider[1],) if latestby == "cvpv" else ()
            groups.setdefault(key if latestby else row, []).append(row)
        return [
            max(group, key=lambda row: self._place(row.provider)) if group[0].provider[1] else group[0]
            for group in groups.values()
        ]

    def _place(self, version: tuple[str, str | None]) -> int:
        return -1 if version[1] is None else self.versions.index((version[0], version[1]))

    def _sort(self, rows: Iterable[Row]) -> list[Row]:
        return sorted(
            rows,
            key=lambda row: (
                row.ignored,
                row.consumer[0],
                -self._place(row.consumer),
                row.provider[0],
                -self._place(row.provider),
                -(row.result if row.result is not None else -1),
            ),
        )


ONE: tuple[dict[str, str], ...] = (
    {"version": "1"},
    {"version": "2"},
    {"latest": "true"},
    {"tag": "dev", "latest": "true"},
    {"branch": "main", "latest": "true"},
    {"mainBranch": "true", "latest": "true"},
)
"""What means one version."""

MANY: tuple[dict[str, str], ...] = ({}, {}, {"tag": "dev"}, {"branch": "main"}, {"mainBranch": "true"})
TARGETS: tuple[dict[str, str], ...] = (
    {"latest": "true"},
    {"tag": "dev", "latest": "true"},
    {"tag": "main"},
    {"mainBranch": "true", "latest": "true"},
    {"mainBranch": "true"},
)


def choose_steps(rng: Random) -> list[tuple[Any, ...]]:
    """Return what happens: contracts are published and verified, and versions get branches and tags."""

    def publish() -> tuple[Any, ...]:
        return "publish", rng.choice(PAIRS), rng.choice(NUMBERS), rng.choice("xy")

    def verify() -> tuple[Any, ...]:
        of, number = rng.choice(NUMBERS), rng.choice([*NUMBERS, "3"])
        return "verify", rng.choice(PAIRS), of, number, rng.random() < 0.7

    def name() -> tuple[Any, ...]:
        return rng.choice(["branch", "tag"]), rng.choice(NAMES), rng.choice(NUMBERS), rng.choice(WORDS)

    steps = [publish() for _ in range(5)]
    return steps + [rng.choice([publish, verify, verify, name, name])() for _ in range(20)]


def choose_query(rng: Random) -> Query:
    """Return a question: for one version with a target or without, or for several participants."""
    pair = rng.choice(PAIRS)
    names = rng.choice([pair, pair, pair[:1], pair[1:], NAMES])
    target = rng.choice(TARGETS) if rng.random() < 0.4 else {}
    choices = ONE if len(names) == 1 and not target else (*ONE, *MANY, *MANY)
    selectors = tuple({"pacticipant": name} | rng.choice(choices) for name in names)
    ignore = {"pacticipant": rng.choice(NAMES)} | rng.choice([{}, {"version": "1"}])
    outcomes = rng.choice([(), (), ("true",), ("false", "")])
    return Query(
        selectors,
        target,
        (ignore,) if rng.random() < 0.2 else (),
        rng.choice(["", "cvp", "cvpv", "cp"]),
        () if target else outcomes,
    )
