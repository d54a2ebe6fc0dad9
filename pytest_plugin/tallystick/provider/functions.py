"""Functions that a test suite declares for the names in its contracts: by name, or by a regular expression."""

from __future__ import annotations

import difflib
import inspect
import json
import keyword
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Function = TypeVar("Function", bound="Callable[..., Any]")


class FunctionError(Exception):
    """A function that is not there or cannot be used as asked; the message says what to change."""


@dataclass(frozen=True)
class Declared:
    """A function for what `pattern` names, and the place where it is written."""

    kind: str
    pattern: str
    function: Callable[..., Any]
    place: str

    def __str__(self) -> str:
        return f"{self.kind} {self.pattern!r} ({self.place})"

    def groups(self, name: str) -> dict[str, str] | None:
        """The pattern's named groups when it fits the whole name, else None."""
        try:
            match = re.fullmatch(self.pattern, name)
        except re.error:
            return None
        return (
            {key: value for key, value in match.groupdict().items() if value is not None} if match else None
        )


@dataclass(frozen=True)
class Functions:
    """The functions of one kind, `state` or `message`; `body` is how a new one begins its work."""

    kind: str
    body: str
    known: dict[str, Declared] = field(default_factory=dict)

    def declare(self, pattern: str, function: Function) -> Function:
        """Add a function; raises FunctionError when another one has the same pattern."""
        place = _place(function)
        other = self.known.get(pattern)
        # A module that is imported once more declares its functions once more, which is no conflict.
        if other and other.place != place:
            raise FunctionError(f"{self.kind} {pattern!r} is declared twice: {other.place} and {place}")
        self.known[pattern] = Declared(self.kind, pattern, function, place)
        return function

    def find(self, name: str, params: Iterable[str] = ()) -> tuple[Declared, dict[str, str]]:
        """The function for this name and its pattern's named groups; the exact name wins over an expression.

        Raises FunctionError when there is none, with one to paste that takes these params, and when several
        expressions fit.
        """
        fitting = self._fitting(name)
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            places = ", ".join(f"{each.pattern!r} ({each.place})" for each, _ in fitting)
            raise FunctionError(f"{self.kind} {name!r} fits several {self.kind} functions: {places}")
        near = ", ".join(map(repr, difflib.get_close_matches(name, self.known, n=3)))
        raise FunctionError(
            f"no {self.kind} function for {name!r}{f' (close: {near})' if near else ''}. "
            f"Paste this into conftest.py and fill it in:\n\n{self.stub(name, params)}"
        )

    def knows(self, name: str) -> bool:
        """Whether there is a function for this name."""
        return bool(self._fitting(name))

    def stub(self, name: str, params: Iterable[str] = ()) -> str:
        """A function to paste, for this name."""
        slug = re.sub(r"\W+", "_", name.casefold()).strip("_")
        title = slug if _is_name(slug) else f"{self.kind}_{slug}".rstrip("_")
        return (
            f"@tallystick.{self.kind}({json.dumps(name, ensure_ascii=False)})\n"
            f"def {title}({', '.join(filter(_is_name, params))}):\n"
            f"    {self.body}"
        )

    def _fitting(self, name: str) -> list[tuple[Declared, dict[str, str]]]:
        if name in self.known:
            return [(self.known[name], {})]
        return [(each, groups) for each in self.known.values() if (groups := each.groups(name)) is not None]


def _place(function: Callable[..., Any]) -> str:
    code = inspect.unwrap(function).__code__
    return f"{code.co_filename}:{code.co_firstlineno}"


def _is_name(text: str) -> bool:
    return text.isidentifier() and not keyword.iskeyword(text)
