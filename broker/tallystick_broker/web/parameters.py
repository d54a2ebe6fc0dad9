"""Parameters of pages: read from the address, and refused when they make no sense."""

from enum import StrEnum
from typing import TypeVar

from flask import request

from tallystick_broker.errors import Invalid

MOST = 1_000_000
E = TypeVar("E", bound=StrEnum)


def text(name: str) -> str:
    """Return the parameter without spaces around it; empty when it was not given."""
    return request.args.get(name, "").strip()


def flag(name: str) -> bool:
    """Return whether the parameter was given."""
    return bool(text(name))


def choice(name: str, choices: type[E]) -> E | None:
    """Return which of the choices the parameter is, None when it was not given; raise Invalid when it is none."""
    given = text(name)
    if given and given not in list(choices):
        raise Invalid({name: [f"must be one of {', '.join(choices)}, not {given!r}"]})
    return choices(given) if given else None


def number(name: str, default: int = 1, low: int = 1, high: int = MOST) -> int:
    """Return the number that the parameter is, the default when it was not given; raise Invalid for another text."""
    given = text(name)
    if given and not (given.isascii() and given.isdecimal() and low <= int(given[:9]) <= high):
        raise Invalid({name: [f"must be a number from {low} to {high}, not {given!r}"]})
    return int(given or default)
