"""Matchers under short names; any other one of `pact.match` works beside them as it is."""

from __future__ import annotations

import re
from typing import Any

from pact import match
from pact.match import AbstractMatcher
from pact.match.matcher import GenericMatcher

like = match.like
uuid = match.uuid
integer = match.integer
decimal = match.decimal
number = match.number
boolean = match.boolean
date = match.date
time = match.time
datetime = match.datetime
includes = match.includes
null = match.null


def regex(pattern: str, example: str) -> AbstractMatcher[str]:
    """Match a string in which `pattern` is found; anchor it with ^ and $ to match the whole string."""
    return match.regex(example, regex=pattern)


def one_of(first: str, *others: str) -> AbstractMatcher[str]:
    """Match one of these strings; the mock answers with the first."""
    return regex(f"^(?:{'|'.join(map(re.escape, (first, *others)))})$", first)


def each(example: Any, *, min: int = 1, max: int | None = None) -> AbstractMatcher[list[Any]]:  # noqa: A002 - Pact's
    """Match a list of `min` to `max` items like the example; the mock answers with `min` of them."""
    return GenericMatcher("type", [example] * min, min=min, max=max)
