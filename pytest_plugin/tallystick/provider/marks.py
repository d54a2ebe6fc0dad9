"""Marks with which a test says which contracts it is for, and how it verifies them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from tallystick.provider.narrowing import Narrowing, check_pattern

if TYPE_CHECKING:
    from collections.abc import Mapping

ONLY, SOURCE, TIMEOUT = "contracts_only", "contracts_source", "contracts_timeout"

MARKS = (
    f"{ONLY}(consumer=, description=, state=): this test verifies these interactions, and no other does",
    f"{SOURCE}(place): where this test's contracts are: a file, a folder, a URL or 'broker'",
    f"{TIMEOUT}(seconds): how long a running service has for each answer",
)


@dataclass(frozen=True)
class Marked:
    """What the marks of one test say."""

    only: Narrowing | None = None
    source: str = ""


UNMARKED = Marked()


def only(
    *, consumer: str | None = None, description: str | None = None, state: str | None = None
) -> pytest.MarkDecorator:
    """Have this test verify the interactions of this consumer, or that match these expressions; no other does.

    Raises TypeError when nothing is given, and ValueError for what is no regular expression.
    """
    if consumer is None and description is None and state is None:
        raise TypeError("tallystick.only needs a consumer, a description or a state")
    check_pattern("description", description)
    check_pattern("state", state)
    given = {"consumer": consumer, "description": description, "state": state}
    return getattr(pytest.mark, ONLY).with_args(  # type: ignore[no-any-return]
        **{name: value for name, value in given.items() if value is not None}
    )


def source(place: str) -> pytest.MarkDecorator:
    """Have this test verify the contracts of a file, a folder, a URL or the `broker`."""
    return getattr(pytest.mark, SOURCE).with_args(place)  # type: ignore[no-any-return]


def timeout(seconds: float) -> pytest.MarkDecorator:
    """Give a running service so long for each answer."""
    return getattr(pytest.mark, TIMEOUT).with_args(seconds)  # type: ignore[no-any-return]


def read(node: Any) -> Marked:
    """What the marks of a test function say, those of its class and module among them."""
    narrowed, placed = node.get_closest_marker(ONLY), node.get_closest_marker(SOURCE)
    return Marked(_narrowing(narrowed.kwargs) if narrowed else None, placed.args[0] if placed else "")


def seconds(node: Any, default: float) -> float:
    """How long a running service has for each answer to this test."""
    mark = node.get_closest_marker(TIMEOUT)
    return float(mark.args[0]) if mark else default


def _narrowing(members: Mapping[str, Any]) -> Narrowing:
    consumer = members.get("consumer")
    return Narrowing((consumer,) if consumer else (), members.get("description"), members.get("state"))
