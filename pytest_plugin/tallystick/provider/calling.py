"""Calls a declared function with what it asks for: values of the contract, and fixtures of the test."""

from __future__ import annotations

import inspect
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from tallystick.provider.functions import FunctionError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import ExitStack

    from tallystick.provider.functions import Declared

__tracebackhide__ = True


def call(
    found: Declared,
    params: Mapping[str, Any],
    given: Mapping[str, Any],
    request: pytest.FixtureRequest,
    stack: ExitStack,
) -> Any:
    """What the function returns or yields; what follows its `yield` is left on `stack`.

    `params` are the contract's, `given` is what else has a name. An async function runs on the test's loop.
    Raises FunctionError for a parameter that nothing provides; what the function raises goes through.
    """
    result = found.function(**_arguments(found, params, given, request))
    if inspect.iscoroutine(result):
        return _await(request, result)
    proceed: Callable[[], Any] = partial(next, result)
    if inspect.isasyncgen(result):
        proceed = partial(_advance, request, result)
    elif not inspect.isgenerator(result):
        return result
    try:
        yielded = proceed()
    except (StopIteration, StopAsyncIteration):
        raise FunctionError(f"{found} did not yield") from None
    stack.callback(_tear_down, found, proceed)
    return yielded


def _tear_down(found: Declared, proceed: Callable[[], Any]) -> None:
    try:
        proceed()
    except (StopIteration, StopAsyncIteration):
        return
    raise FunctionError(f"{found} yielded more than once")


def _advance(request: pytest.FixtureRequest, generator: Any) -> Any:
    return _await(request, anext(generator))


def _await(request: pytest.FixtureRequest, awaitable: Any) -> Any:
    # It brings in asyncio, for which a suite without async functions need not wait.
    from tallystick.provider import loops

    return loops.run(request, awaitable)


def _arguments(
    found: Declared, params: Mapping[str, Any], given: Mapping[str, Any], request: pytest.FixtureRequest
) -> dict[str, Any]:
    """What each parameter of the function is given; one with a default that nothing names keeps it."""
    named = {"params": params, "request": request, **given, **params}
    arguments: dict[str, Any] = {}
    for name, parameter in inspect.signature(found.function).parameters.items():
        if parameter.kind is parameter.VAR_KEYWORD:
            arguments = {**params, **arguments}
        elif parameter.kind is parameter.VAR_POSITIONAL:
            continue
        elif name in named:
            arguments[name] = named[name]
        elif parameter.default is parameter.empty:
            arguments[name] = _fixture(name, found, params, request)
    return arguments


def _fixture(name: str, found: Declared, params: Mapping[str, Any], request: pytest.FixtureRequest) -> Any:
    try:
        return request.getfixturevalue(name)
    except pytest.FixtureLookupError as error:
        # A fixture that needs a fixture which is not there is another matter, and says so itself.
        if error.argname != name:
            raise
        raise FunctionError(
            f"{found} asks for {name!r}, which is neither a fixture nor a parameter "
            f"of the {found.kind} in the contract (it has: {', '.join(params) or 'none'})"
        ) from None
