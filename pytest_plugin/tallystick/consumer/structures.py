"""Matchers of objects and lists: examples, which may be dataclasses and pydantic models, with matchers in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pact import match
from pact.match.matcher import GenericMatcher

from tallystick.consumer.shapes import shape_of, values_like

if TYPE_CHECKING:
    from pact.match import AbstractMatcher

__tracebackhide__ = True

Example = Any
"""JSON with matchers anywhere in it; a dataclass or a pydantic model; or an instance of one."""


def like(example: Example, /, **fields: Any) -> AbstractMatcher[Any]:
    """Match any value of the same type, in objects and lists all the way down.

    Of a dataclass or a pydantic model each field without a default is expected, by its type; `fields` are
    examples or matchers for some of them. Raises DeclarationError for a field whose type says too little.
    """
    return match.like(shape_of(example, fields))


def each(example: Example, *, min: int = 1, max: int | None = None) -> AbstractMatcher[list[Any]]:  # noqa: A002 - Pact's
    """Match a list of `min` to `max` items like the example; the mock answers with `min` of them."""
    return GenericMatcher("type", [shape_of(example)] * min, min=min, max=max)


def each_value(example: Example, *, key: str = "key") -> AbstractMatcher[Any]:
    """Match an object, whatever its names, each of whose values is like the example."""
    return values_like(shape_of(example), key)


def each_key(key: AbstractMatcher[str], example: Example) -> AbstractMatcher[Any]:
    """Match an object each of whose names matches `key`, and each of whose values is like the example."""
    name = str(key.to_integration_json()["value"])
    value = shape_of(example)
    return match.each_key_matches({name: value}, rules=key) & values_like(value, name)


def contains(*items: Example) -> AbstractMatcher[Any]:
    """Match a list that holds, among others and in any order, an item like each of these."""
    return match.array_containing([shape_of(item) for item in items])
