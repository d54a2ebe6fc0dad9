"""Provider states: the functions that set them up, and the values that come of it."""

from __future__ import annotations

import json
from datetime import date, time
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from tallystick.provider.calling import call
from tallystick.provider.functions import FunctionError, Functions

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import ExitStack

    import pytest

    from tallystick.provider.functions import Declared, Function
    from tallystick_contracts.interactions import State

__tracebackhide__ = True

STATES = Functions("state", "...")


def state(pattern: str) -> Callable[[Function], Function]:
    """Declare a function that sets up a provider state, named in its own words or as a regular expression.

    Its parameters are filled, in this order, from the pattern's named groups, the state's parameters in the
    contract, `params` (all of these), `state` (its name) and `request`, and the fixtures of the test. It may
    be async. What it returns or yields, a dict or nothing, are values for the contract's generators; what
    follows its `yield` tears the state down. Raises FunctionError when another function has the same pattern.
    """
    return partial(STATES.declare, pattern)


def set_up(states: Sequence[State], request: pytest.FixtureRequest, stack: ExitStack) -> dict[str, Any]:
    """Set up the states in order; returns their values for the contract's generators, as plain JSON.

    Leaves the teardowns on `stack`, which runs them in reverse order. Raises FunctionError for a state or a
    parameter that nothing provides; what a state function raises goes through.
    """
    values: dict[str, Any] = {}
    for each in states:
        found, groups = STATES.find(each.name, each.params)
        given = {"state": each.name}
        values.update(_values(found, call(found, {**each.params, **groups}, given, request, stack)))
    return values


def _values(found: Declared, result: Any) -> dict[str, Any]:
    if result is None:
        return {}
    if not isinstance(result, dict):
        raise FunctionError(
            f"{found} gave a {type(result).__name__}: "
            "return or yield a dict of values for the contract, or nothing"
        )
    try:
        plain: dict[str, Any] = json.loads(json.dumps(result, default=_plain))
    except (TypeError, ValueError) as error:
        raise FunctionError(f"{found} gave a value that is not JSON: {error}") from None
    return plain


def _plain(value: Any) -> str:
    """The text of a value that databases use as a key but JSON does not have."""
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, date | time):
        return value.isoformat()
    raise TypeError(f"{value!r} is a {type(value).__name__}")
