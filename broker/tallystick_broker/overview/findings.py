"""Findings: what a verifier told of each interaction, with what was expected and what came. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tallystick_broker.gate.evidence import (
    DESCRIPTIONS,
    FAULTS,
    LONGEST,
    PLACES,
    TEXTS,
    has_failed,
    read_tests,
)
from tallystick_contracts.documents import compact
from tallystick_contracts.interactions import Interaction

MOST = 50
"""Mismatches of an interaction that are shown."""


@dataclass(frozen=True)
class Mismatch:
    """Something that was not as expected: where, in words, and the two values if they were told."""

    place: str
    text: str
    expected: str | None = None
    actual: str | None = None


@dataclass(frozen=True)
class Finding:
    """What was told of an interaction; `more` mismatches are left out."""

    description: str
    id: str | None
    success: bool
    mismatches: tuple[Mismatch, ...] = ()
    more: int = 0


@dataclass(frozen=True)
class Findings:
    """What was told of all interactions, to be looked up by interaction."""

    by_id: Mapping[str, Finding]
    by_description: Mapping[str, Finding]

    def of(self, interaction: Interaction) -> Finding | None:
        """Return what was told of this interaction; None when nothing was."""
        found = self.by_id.get(interaction.id) if interaction.id else None
        return found or self.by_description.get(interaction.description)


def read_findings(test_results: Any) -> list[Finding]:
    """Return what a result's `testResults` say, whatever shape they have; what can't be read is left out."""
    return [_read(entry) for entry in read_tests(test_results)]


def index(findings: Iterable[Finding]) -> Findings:
    """Return the findings for look-ups; of those with one description a failure counts."""
    listed = sorted(findings, key=lambda each: each.success, reverse=True)
    return Findings(
        {each.id: each for each in listed if each.id},
        {each.description: each for each in listed if each.description},
    )


def _read(entry: Mapping[str, Any]) -> Finding:
    said = (entry.get(name) for name in DESCRIPTIONS)
    description = next((text for text in said if isinstance(text, str) and text), "")
    identifier = entry.get("interactionId")
    mismatches = [each for name in FAULTS for each in _mismatches(entry.get(name))]
    return Finding(
        description[:LONGEST],
        identifier if isinstance(identifier, str) else None,
        not has_failed(entry),
        tuple(mismatches[:MOST]),
        max(len(mismatches) - MOST, 0),
    )


def _mismatches(faults: Any) -> Iterator[Mismatch]:
    """Yield each fault; there may be one or a list, and each may be a text or an object."""
    listed = faults if isinstance(faults, Sequence) and not isinstance(faults, str) else [faults]
    for fault in listed:
        if isinstance(fault, Mapping):
            yield _mismatch(fault)
        elif isinstance(fault, str) and fault:
            yield Mismatch("", fault[:LONGEST])


def _mismatch(fault: Mapping[str, Any]) -> Mismatch:
    places = [str(fault[name]) for name in reversed(PLACES) if fault.get(name)]
    text = next((str(fault[name]) for name in TEXTS if fault.get(name)), "")
    return Mismatch(
        " ".join(dict.fromkeys(places))[:LONGEST],
        text[:LONGEST],
        _value(fault, "expected"),
        _value(fault, "actual"),
    )


def _value(fault: Mapping[str, Any], name: str) -> str | None:
    if name not in fault:
        return None
    value = fault[name]
    return (value if isinstance(value, str) else compact(value))[:LONGEST]
