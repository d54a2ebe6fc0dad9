"""Evidence: which interactions failed and why, read from the test results that any Pact client reports."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

LISTS = ("testResults", "tests", "examples", "results")
DESCRIPTIONS = ("interactionDescription", "testFullDescription", "testDescription", "description")
FAULTS = ("mismatches", "differences", "exceptions", "exception", "errors")
TEXTS = ("description", "mismatch", "message", "exceptionClass")
PLACES = ("identifier", "path", "attribute")
UNTOLD_PLACES = {"$", "/", "body"}
"""Places that say no more than the text does."""

FAILED_STATUSES = {"failed", "failure", "error"}
MOST = 20
"""Interactions of a result, and mismatches of an interaction, that are shown."""

LONGEST = 1000
"""Characters of a text that are shown."""


@dataclass(frozen=True)
class FailedInteraction:
    """An interaction that a provider did not honour; the description is empty when the client did not say it."""

    description: str
    mismatches: tuple[str, ...]
    id: str | None = None


def read_failures(test_results: Any) -> tuple[FailedInteraction, ...]:
    """Return the failed interactions in a result's `testResults`, whatever shape they have.

    The Rust core and pact-jvm report a list with `mismatches` and `exceptions`, Ruby an object with `tests`
    that have `differences`; what can't be read is left out.
    """
    entries = [entry for entry in read_tests(test_results) if has_failed(entry)]
    failures = [_failure(entry) for entry in entries[:MOST]]
    if len(entries) > MOST:
        failures.append(FailedInteraction(f"and {len(entries) - MOST} more", ()))
    return tuple(failures)


def read_tests(found: Any) -> Iterator[Mapping[str, Any]]:
    """Yield what a result's `testResults` say of each interaction, whatever shape they have."""
    if isinstance(found, Mapping):
        found = next((found[name] for name in LISTS if isinstance(found.get(name), Sequence)), None)
    if isinstance(found, Sequence) and not isinstance(found, str):
        yield from (entry for entry in found if isinstance(entry, Mapping))


def has_failed(entry: Mapping[str, Any]) -> bool:
    """Return whether this says of its interaction that it failed."""
    if isinstance(entry.get("success"), bool):
        return not entry["success"]
    if isinstance(entry.get("status"), str):
        return entry["status"].lower() in FAILED_STATUSES
    return any(entry.get(name) for name in FAULTS)


def _failure(entry: Mapping[str, Any]) -> FailedInteraction:
    said = (entry.get(name) for name in DESCRIPTIONS)
    description = next((text for text in said if isinstance(text, str) and text), "")
    faults = [text for name in FAULTS for text in _texts(entry.get(name))]
    shown = faults[:MOST] + ([f"and {len(faults) - MOST} more"] if len(faults) > MOST else [])
    identifier = entry.get("interactionId")
    return FailedInteraction(
        description[:LONGEST], tuple(shown), identifier if isinstance(identifier, str) else None
    )


def _texts(faults: Any) -> Iterator[str]:
    """Yield what is said of each fault; there may be one or a list, and each may be a text or an object."""
    listed = faults if isinstance(faults, Sequence) and not isinstance(faults, str) else [faults]
    for fault in listed:
        text = _describe(fault) if isinstance(fault, Mapping) else fault
        if isinstance(text, str) and text:
            yield text[:LONGEST]


def _describe(fault: Mapping[str, Any]) -> str:
    place = next((str(fault[name]) for name in PLACES if fault.get(name)), "")
    place = "" if place in UNTOLD_PLACES else place
    text = next((str(fault[name]) for name in TEXTS if fault.get(name)), "")
    if not text and ("expected" in fault or "actual" in fault):
        text = f"expected {fault.get('expected')!r} but got {fault.get('actual')!r}"
    return ": ".join(filter(None, ["" if place in text else place, text]))
