"""Which interactions a contract holds after a run: what its tests declared, and what other tests own."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Key = tuple[str, str]
"""Description and provider states, which name an interaction among those of one contract."""


@dataclass(frozen=True)
class Owned:
    """An interaction and the test that declared it; None for one that no test is known to own."""

    interaction: dict[str, Any]
    test: str | None

    @property
    def key(self) -> Key:
        """What names it in its contract."""
        states = self.interaction.get("providerStates", self.interaction.get("providerState"))
        return str(self.interaction.get("description")), json.dumps(states or [], sort_keys=True)

    @property
    def description(self) -> str:
        """Its words, for messages."""
        return str(self.interaction.get("description"))


@dataclass(frozen=True)
class Conflict:
    """Two tests that declare the same interaction differently; the first did not pass now when `kept`."""

    description: str
    tests: tuple[str, str]
    kept: bool


@dataclass(frozen=True)
class Merged:
    """The interactions of a contract after a run, in their order, and how they differ from before."""

    interactions: list[Owned]
    kept: list[Owned]
    added: list[Owned]
    removed: list[Owned]
    changed: list[Owned]
    conflicts: list[Conflict] = field(default_factory=list)


def merge(
    before: Iterable[Owned],
    recorded: Iterable[Owned],
    *,
    passed: Callable[[str], bool],
    gone: Callable[[str | None], bool],
) -> Merged:
    """Return what the contract holds now: a test that passed owns what it declared in this run and nothing else.

    Kept are the interactions of tests that did not pass in this run, and those without a known test, unless a test
    declares them now; but for those that are gone. `before` holds each interaction once.
    """
    old = {owned.key: owned for owned in before}
    waiting = [owned for owned in old.values() if not (owned.test and passed(owned.test))]
    kept = [owned for owned in waiting if not gone(owned.test)]
    now: dict[Key, Owned] = {}
    conflicts: list[Conflict] = []
    for owned in sorted(recorded, key=lambda owned: owned.test or ""):
        _add(now, owned, conflicts, kept=False)
    for owned in kept:
        if owned.test or owned.key not in now:
            _add(now, owned, conflicts, kept=True)
    return Merged(
        interactions=[now[key] for key in sorted(now)],
        kept=[owned for owned in kept if now[owned.key] is owned],
        added=[now[key] for key in sorted(now) if key not in old],
        removed=[owned for key, owned in old.items() if key not in now],
        changed=[now[key] for key in sorted(now) if key in old and _content(old[key]) != _content(now[key])],
        conflicts=conflicts,
    )


def _add(now: dict[Key, Owned], owned: Owned, conflicts: list[Conflict], *, kept: bool) -> None:
    """Put it in; of several tests that declare the same the first by name owns it, whichever ran first."""
    there = now.setdefault(owned.key, owned)
    if _content(there) != _content(owned):
        first, second = (owned, there) if kept else (there, owned)
        conflicts.append(Conflict(owned.description, (first.test or "", second.test or ""), kept))
    elif (owned.test or "") < (there.test or ""):
        now[owned.key] = owned


def _content(owned: Owned) -> dict[str, Any]:
    comments = owned.interaction.get("comments")
    if isinstance(comments, dict):
        comments = {key: value for key, value in comments.items() if key != "testname"}
    return {**owned.interaction, "comments": comments or None}
