"""Which states and messages the contracts name, and which functions there are for them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tallystick.provider.functions import Declared
from tallystick.provider.messages import MESSAGES
from tallystick.provider.narrowing import EVERYTHING
from tallystick.provider.states import STATES
from tallystick_contracts.interactions import HTTP

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tallystick.provider.narrowing import Narrowing
    from tallystick.provider.selection import Selection
    from tallystick_contracts.interactions import Interaction

KINDS = {functions.kind: functions for functions in (STATES, MESSAGES)}


def declared() -> set[tuple[str, str, str]]:
    """The functions of this process: kind, pattern, and place."""
    return {
        (kind, each.pattern, each.place)
        for kind, functions in KINDS.items()
        for each in functions.known.values()
    }


def missing(selections: Iterable[Selection], narrowing: Narrowing) -> list[str]:
    """A function to paste for each state and message that has none, in the order of the contracts.

    It takes every parameter that any contract has for its state.
    """
    wanted: dict[tuple[str, str], dict[str, None]] = {}
    for interaction in _interactions(selections, narrowing):
        for kind, name, params in _names(interaction):
            wanted.setdefault((kind, name), {}).update(dict.fromkeys(params))
    return [
        KINDS[kind].stub(name, params)
        for (kind, name), params in wanted.items()
        if not KINDS[kind].knows(name)
    ]


def unused(
    functions: Iterable[tuple[str, str, str]], selections: Iterable[Selection], show: Callable[[Path], str]
) -> list[str]:
    """A line for each of these functions that no contract has a use for."""
    names = {(kind, name) for each in _interactions(selections) for kind, name, _ in _names(each)}
    return [
        f'unused    {kind} "{pattern}" ({_show(place, show)}) is used by no contract'
        for kind, pattern, place in functions
        if not any(
            kind == wanted
            and (name == pattern or Declared(kind, pattern, print, place).groups(name) is not None)
            for wanted, name in names
        )
    ]


def _interactions(
    selections: Iterable[Selection], narrowing: Narrowing = EVERYTHING
) -> Iterator[Interaction]:
    for contract in (each for selection in selections for each in selection.contracts):
        yield from (each for each in contract.interactions if narrowing.fits(contract.consumer, each))


def _names(interaction: Interaction) -> Iterator[tuple[str, str, Iterable[str]]]:
    yield from ((STATES.kind, state.name, state.params) for state in interaction.states)
    if interaction.kind != HTTP:
        yield MESSAGES.kind, interaction.description, ()


def _show(place: str, show: Callable[[Path], str]) -> str:
    file, _, line = place.rpartition(":")
    return f"{show(Path(file))}:{line}"
