"""Sets up the states of an interaction with the test's fixtures, and tears them down again."""

from __future__ import annotations

import inspect
import json
from datetime import date, time
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from tallystick.provider.states import StateError, StateFunction, find

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence
    from contextlib import ExitStack

    from tallystick_contracts.interactions import State

__tracebackhide__ = True


def set_up(states: Sequence[State], request: pytest.FixtureRequest, stack: ExitStack) -> dict[str, Any]:
    """Set up the states in order; returns their values for the contract's generators, as plain JSON.

    Leaves the teardowns on `stack`, which runs them in reverse order. Raises StateError for a state or a
    parameter that nothing provides; what a state function raises goes through.
    """
    values: dict[str, Any] = {}
    for state in states:
        values.update(_set_up(state, request, stack))
    return values


def _set_up(state: State, request: pytest.FixtureRequest, stack: ExitStack) -> dict[str, Any]:
    found, groups = find(state)
    result = found.function(**_arguments(found, state, groups, request))
    if inspect.isgenerator(result):
        generator: Generator[Any, Any, Any] = result
        try:
            result = next(generator)
        except StopIteration:
            raise StateError(f"state {state.name!r} ({found.place}) did not yield") from None
        stack.callback(_tear_down, found, generator)
    return _values(found, result)


def _tear_down(found: StateFunction, generator: Generator[Any, Any, Any]) -> None:
    try:
        next(generator)
    except StopIteration:
        return
    raise StateError(f"state {found.pattern!r} ({found.place}) yielded more than once")


def _arguments(
    found: StateFunction, state: State, groups: Mapping[str, str], request: pytest.FixtureRequest
) -> dict[str, Any]:
    """What each parameter of the function is given; one with a default that nothing names keeps it."""
    params = {**state.params, **groups}
    given = {"params": params, "state": state.name, "request": request, **params}
    arguments: dict[str, Any] = {}
    for name, parameter in inspect.signature(found.function).parameters.items():
        if parameter.kind is parameter.VAR_KEYWORD:
            arguments = {**params, **arguments}
        elif parameter.kind is parameter.VAR_POSITIONAL:
            continue
        elif name in given:
            arguments[name] = given[name]
        elif parameter.default is parameter.empty:
            arguments[name] = _fixture(name, found, state, request)
    return arguments


def _fixture(name: str, found: StateFunction, state: State, request: pytest.FixtureRequest) -> Any:
    try:
        return request.getfixturevalue(name)
    except pytest.FixtureLookupError as error:
        # A fixture that needs a fixture which is not there is another matter, and says so itself.
        if error.argname != name:
            raise
        there = ", ".join(state.params) or "none"
        raise StateError(
            f"state {state.name!r} ({found.place}) asks for {name!r}, which is neither a fixture "
            f"nor a parameter of the state in the contract (it has: {there})"
        ) from None


def _values(found: StateFunction, result: Any) -> dict[str, Any]:
    if result is None:
        return {}
    if not isinstance(result, dict):
        kind = type(result).__name__
        raise StateError(
            f"state {found.pattern!r} ({found.place}) gave a {kind}: "
            "return or yield a dict of values for the contract, or nothing"
        )
    try:
        plain: dict[str, Any] = json.loads(json.dumps(result, default=_plain))
    except (TypeError, ValueError) as error:
        raise StateError(
            f"state {found.pattern!r} ({found.place}) gave a value that is not JSON: {error}"
        ) from None
    return plain


def _plain(value: Any) -> str:
    """The text of a value that databases use as a key but JSON does not have."""
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, date | time):
        return value.isoformat()
    raise TypeError(f"{value!r} is a {type(value).__name__}")
