"""Matchers of single values, each with an example; every other one of `pact.match` works beside them as it is."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from uuid import UUID

from pact import generate, match
from pact.match import AbstractMatcher
from pact.match.matcher import GenericMatcher

from tallystick.consumer.notation import NULL_OR
from tallystick.errors import DeclarationError

__tracebackhide__ = True

INSTANT = r"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.,]\d+)?)?(Z|[+-]\d\d(:?\d\d)?)?$"
"""The spellings of date and time in ISO 8601 that services answer with."""


def null_or(example: Any) -> AbstractMatcher[Any]:
    """Match null, and what the example matches: a matcher, or a string, number or boolean of which the type counts."""
    return _NullOr(example)


def regex(pattern: str, example: str) -> AbstractMatcher[str]:
    """Match a string in which `pattern` is found; anchor it with ^ and $ to match the whole string."""
    return match.regex(example, regex=pattern)


def one_of(first: str, *others: str) -> AbstractMatcher[str]:
    """Match one of these strings; the mock answers with the first."""
    return regex(f"^(?:{'|'.join(map(re.escape, (first, *others)))})$", first)


def includes(text: str) -> AbstractMatcher[str]:
    """Match a string that holds this text."""
    return match.includes(text)


def string(example: str = "text") -> AbstractMatcher[str]:
    """Match any string."""
    return match.string(example)


def integer(example: int = 1) -> AbstractMatcher[int]:
    """Match a whole number."""
    return match.integer(example)


def decimal(example: float = 1.5) -> AbstractMatcher[float]:
    """Match a number with decimal places."""
    return match.decimal(example)


def number(example: float = 1) -> AbstractMatcher[float]:
    """Match any number."""
    return GenericMatcher("number", example)


def boolean(example: bool = True) -> AbstractMatcher[bool]:
    """Match true and false."""
    return match.boolean(example)


def null() -> AbstractMatcher[None]:
    """Match null."""
    return match.null()


def uuid(example: str | UUID = "d6c1fb4a-64e5-4b4c-9d4e-b2e1f8a0c7d3") -> AbstractMatcher[str]:
    """Match a UUID."""
    return match.uuid(str(example))


def date(example: str | dt.date = "2026-01-31", format: str = "%Y-%m-%d") -> AbstractMatcher[str]:  # noqa: A002 - Python's
    """Match a date in this format of `strftime`; raises DeclarationError for an example in another one."""
    return match.date(_formatted(example, format), format)


def time(example: str | dt.time = "09:30:00", format: str = "%H:%M:%S") -> AbstractMatcher[str]:  # noqa: A002 - Python's
    """Match a time of day in this format of `strftime`; raises DeclarationError for an example in another one."""
    return match.time(_formatted(example, format), format)


def datetime(
    example: str | dt.datetime = "2026-01-31T09:30:00Z",
    format: str | None = None,  # noqa: A002 - Python's
) -> AbstractMatcher[str]:
    """Match a date with a time, in this format of `strftime`, or in any spelling of ISO 8601.

    Raises DeclarationError for an example in another format.
    """
    if format:
        return match.datetime(_formatted(example, format), format)
    return regex(INSTANT, example.isoformat() if isinstance(example, dt.datetime) else example)


def from_state(expression: str, example: Any) -> AbstractMatcher[Any]:
    """Expect what the provider's state function says, `"/orders/${id}"`; the example stands for it in this test."""
    generator = generate.provider_state(expression)
    return GenericMatcher("equality", example, generator)


def _formatted(example: str | dt.date | dt.time, wanted: str) -> str:
    if not isinstance(example, str):
        return example.strftime(wanted)
    try:
        dt.datetime.strptime(example, wanted)  # noqa: DTZ007 - only its form matters
    except ValueError as error:
        raise DeclarationError(f"the example {example!r} is not in the format {wanted!r}: {error}") from None
    return example


class _NullOr(AbstractMatcher[Any]):
    def __init__(self, example: Any) -> None:
        self.value = example

    def to_integration_json(self) -> dict[str, Any]:
        return {NULL_OR: self.value}

    def to_matching_rule(self) -> dict[str, Any]:
        raise TypeError("null_or(…) stands in the JSON of a body, and nowhere else")
