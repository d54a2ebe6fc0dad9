"""Changes: what a contract expects differently from another, whatever the form and the order."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tallystick_contracts.documents import compact
from tallystick_contracts.interactions import Document, Interaction, State, interactions, raw_interactions
from tallystick_contracts.messages import ABSENT, Message, Role, read_messages
from tallystick_contracts.rules import words_of

Facts = Mapping[str, str]
"""What is expected, by the path at which it is."""


class Kind(StrEnum):
    """What became of an interaction or an expectation."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True)
class Change:
    """An expectation that came, went, or is another; a side without it is None."""

    path: str
    before: str | None
    after: str | None

    @property
    def kind(self) -> Kind:
        """What became of the expectation."""
        if self.before is None:
            return Kind.ADDED
        return Kind.REMOVED if self.after is None else Kind.CHANGED


@dataclass(frozen=True)
class ChangedInteraction:
    """An interaction that came, went, or expects something else now."""

    kind: Kind
    interaction: Interaction
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True)
class Changes:
    """What became of the interactions, in the order of the later contract, and how many stayed as they were."""

    interactions: tuple[ChangedInteraction, ...]
    unchanged: int
    counts: Mapping[Kind, int] = field(default_factory=dict)


def find_changes(before: Document, after: Document) -> Changes:
    """Return what the later contract expects differently; raises ContractError when one of them is none.

    Of interactions of one kind those are the same that are equal, else have the same description and states, else
    the same description, else the same messages. The order of interactions and of members does not count, nor does
    how a version of the specification writes the same expectation.
    """
    old, new, equal = _without_equal(_list(before), _list(after))
    earlier, later = ([_Known(each, dict(_facts(each, raw))) for each, raw in side] for side in (old, new))
    pairs = _pair(earlier, later)
    kept = {id(each): other for other, each in pairs}
    matched = {id(other) for other, _ in pairs}
    found: list[ChangedInteraction] = []
    for each in later:
        if id(each) not in kept:
            found.append(ChangedInteraction(Kind.ADDED, each.interaction))
        elif changes := tuple(_compare(kept[id(each)].facts, each.facts)):
            found.append(ChangedInteraction(Kind.CHANGED, each.interaction, changes))
    found += [
        ChangedInteraction(Kind.REMOVED, each.interaction) for each in earlier if id(each) not in matched
    ]
    counts = {kind: sum(each.kind is kind for each in found) for kind in Kind}
    return Changes(tuple(found), equal + len(pairs) - counts[Kind.CHANGED], counts)


@dataclass(frozen=True)
class _Known:
    interaction: Interaction
    facts: Facts


_Listed = list[tuple[Interaction, Mapping[str, Any]]]


def _list(document: Document) -> _Listed:
    return list(zip(interactions(document), raw_interactions(document), strict=True))


def _without_equal(old: _Listed, new: _Listed) -> tuple[_Listed, _Listed, int]:
    """Return both without what is written alike, and how many that were: most, so that little has to be read."""
    waiting: dict[str, _Listed] = defaultdict(list)
    for one in old:
        waiting[_written(one[1])].append(one)
    rest: _Listed = []
    for one in new:
        same = waiting[_written(one[1])]
        if same:
            same.pop()
        else:
            rest.append(one)
    left = [one for same in waiting.values() for one in same]
    return sorted(left, key=lambda one: one[0].position), rest, len(old) - len(left)


def _written(raw: Mapping[str, Any]) -> str:
    return json.dumps({key: value for key, value in raw.items() if key != "_id"}, sort_keys=True)


def _pair(old: Sequence[_Known], new: Sequence[_Known]) -> list[tuple[_Known, _Known]]:
    """Return which interactions are the same, by the first key that finds one; each is used once."""
    pairs: list[tuple[_Known, _Known]] = []
    keys = (
        lambda each: (each.interaction.kind, tuple(sorted(each.facts.items()))),
        lambda each: (each.interaction.kind, each.interaction.description, _states(each.interaction.states)),
        lambda each: (each.interaction.kind, each.interaction.description),
        lambda each: (each.interaction.kind, _messages(each.facts)),
    )
    for key in keys:
        waiting: dict[Any, list[_Known]] = defaultdict(list)
        used = {id(each) for pair in pairs for each in pair}
        for each in old:
            if id(each) not in used:
                waiting[key(each)].append(each)
        free = [each for each in new if id(each) not in used]
        pairs += [(waiting[key(each)].pop(0), each) for each in free if waiting.get(key(each))]
    return pairs


def _messages(facts: Facts) -> tuple[tuple[str, str], ...]:
    """Return what is expected of the messages, whatever the interaction is called and needs."""
    return tuple(sorted((path, text) for path, text in facts.items() if path.startswith(tuple(Role))))


def _states(states: Iterable[State]) -> str:
    return compact(sorted(compact([each.name, dict(sorted(each.params.items()))]) for each in states))


def _compare(before: Facts, after: Facts) -> Iterator[Change]:
    for path in dict.fromkeys((*after, *before)):
        if before.get(path) != after.get(path):
            yield Change(path, before.get(path), after.get(path))


def _facts(interaction: Interaction, raw: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "description", interaction.description
    if interaction.pending:
        yield "pending", "true"
    for position, state in enumerate(sorted(interaction.states, key=lambda each: _states([each])), start=1):
        name = "state" if position == 1 else f"state {position}"
        yield name, state.name + (f" {compact(dict(sorted(state.params.items())))}" if state.params else "")
    counts: dict[str, int] = defaultdict(int)
    for message in read_messages(raw):
        counts[message.role] += 1
        place = message.role if counts[message.role] == 1 else f"{message.role} {counts[message.role]}"
        yield from ((f"{place}{path}", text) for path, text in _facts_of(message))


def _facts_of(message: Message) -> Iterator[tuple[str, str]]:
    for name, value in (("method", message.method), ("path", message.path), ("status", message.status)):
        if value is not None:
            yield f".{name}", value.upper() if name == "method" and isinstance(value, str) else _text(value)
    for name, values in (("query", message.query), ("header", message.headers)):
        yield from ((f".{name}.{key}", ", ".join(each)) for key, each in values.items())
    yield from ((f".metadata.{key}", compact(value)) for key, value in message.metadata.items())
    if message.encoded:
        yield ".body (encoding)", message.encoded
    if message.body is not ABSENT:
        yield from ((f".body{path}", text) for path, text in _leaves(message.body))
    yield from _facts_of_rules(message)


def _facts_of_rules(message: Message) -> Iterator[tuple[str, str]]:
    for place, rules in message.rules.items():
        for steps in dict.fromkeys(rule.steps for rule in rules):
            words = words_of(rule for rule in rules if rule.steps == steps)
            yield f".{place}{''.join(map(_step, steps))} (rule)", " and ".join(words)


def _leaves(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping) and value:
        for name, item in value.items():
            yield from ((f"{_step(name)}{path}", text) for path, text in _leaves(item))
    elif isinstance(value, list) and value:
        for index, item in enumerate(value):
            yield from ((f"{_step(index)}{path}", text) for path, text in _leaves(item))
    else:
        yield "", compact(value)


def _step(token: str | int | None) -> str:
    if token is None:
        return "[*]"
    if isinstance(token, int):
        return f"[{token}]"
    return f".{token}" if token.replace("_", "").replace("-", "").isalnum() else f"[{compact(token)}]"


def _text(value: Any) -> str:
    return value if isinstance(value, str) else compact(value)
