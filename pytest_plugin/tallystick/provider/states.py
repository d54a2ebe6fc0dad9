"""State functions: how a test suite says what to set up for the states of its contracts."""

from __future__ import annotations

import difflib
import inspect
import json
import keyword
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tallystick_contracts.interactions import State

Function = TypeVar("Function", bound="Callable[..., Any]")


class StateError(Exception):
    """A state that cannot be set up as asked; the message says what to change."""


@dataclass(frozen=True)
class StateFunction:
    """A function that sets up the states which `pattern` names, and the place where it is written."""

    pattern: str
    function: Callable[..., Any]
    place: str

    def groups(self, name: str) -> dict[str, str] | None:
        """The pattern's named groups when it fits the whole name of a state, else None."""
        try:
            match = re.fullmatch(self.pattern, name)
        except re.error:
            return None
        return (
            {key: value for key, value in match.groupdict().items() if value is not None} if match else None
        )


_known: dict[str, StateFunction] = {}


def state(pattern: str) -> Callable[[Function], Function]:
    """Declare a function that sets up a provider state, named in its own words or as a regular expression.

    Its parameters are filled, in this order, from the pattern's named groups, the state's parameters in the
    contract, `params` (all of these), `state` (its name) and `request`, and the fixtures of the test. What it
    returns or yields, a dict or nothing, are values for the contract's generators; what follows its `yield`
    tears the state down. Raises StateError when another function has the same pattern.
    """

    def declare(function: Function) -> Function:
        if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
            raise StateError(f"state {pattern!r}: {function.__name__} is async; write it with a plain def")
        place = _place(function)
        other = _known.get(pattern)
        # A module that is imported once more declares its states once more, which is no conflict.
        if other and other.place != place:
            raise StateError(f"state {pattern!r} is declared twice: {other.place} and {place}")
        _known[pattern] = StateFunction(pattern, function, place)
        return function

    return declare


def forget() -> None:
    """Forget every state function: the next run in this process declares its own."""
    _known.clear()


def find(wanted: State) -> tuple[StateFunction, dict[str, str]]:
    """The function for this state and its pattern's named groups; the exact name wins over an expression.

    Raises StateError when there is none, or when several expressions fit.
    """
    if wanted.name in _known:
        return _known[wanted.name], {}
    fitting = [(each, groups) for each in _known.values() if (groups := each.groups(wanted.name)) is not None]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        places = ", ".join(f"{each.pattern!r} ({each.place})" for each, _ in fitting)
        raise StateError(f"state {wanted.name!r} fits several state functions: {places}")
    raise StateError(_missing(wanted, _known))


def _place(function: Callable[..., Any]) -> str:
    code = inspect.unwrap(function).__code__
    return f"{code.co_filename}:{code.co_firstlineno}"


def _missing(wanted: State, known: Iterable[str]) -> str:
    near = ", ".join(map(repr, difflib.get_close_matches(wanted.name, known, n=3)))
    slug = re.sub(r"\W+", "_", wanted.name.casefold()).strip("_")
    name = slug if _is_name(slug) else f"state_{slug}".rstrip("_")
    return "\n".join(
        [
            f"no state function for {wanted.name!r}{f' (close: {near})' if near else ''}. "
            "Paste this into conftest.py and fill it in:",
            "",
            f"@tallystick.state({json.dumps(wanted.name, ensure_ascii=False)})",
            f"def {name}({', '.join(filter(_is_name, wanted.params))}):",
            "    ...",
        ]
    )


def _is_name(text: str) -> bool:
    return text.isidentifier() and not keyword.iskeyword(text)
