"""Which versions a command line names, where each option belongs to the name before it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import click

from tallystick_client import Selector

OVERALL = "\0"
"""Stands for `--latest` without a tag; no argument of a program can hold this character."""

PARTICIPANT, IGNORE = "pacticipant", "ignore"

Word = tuple[str, str]
"""An option's name and its value."""


@dataclass
class _Selection:
    opener: str
    participant: str
    choices: dict[str, str] = field(default_factory=dict)


def order_words(order: Iterable[str], values: dict[str, Sequence[str]]) -> list[Word]:
    """Return the options as they stood on the command line.

    `order` has the name of each option as often as it was given, `values` the values of each in turn; options that
    have none there are left out.
    """
    remaining = {name: iter(given) for name, given in values.items()}
    return [(name, next(remaining[name])) for name in order if name in remaining]


def read_selectors(words: Iterable[Word]) -> tuple[list[Selector], list[Selector]]:
    """Return the selectors to ask about and those to ignore.

    Raises click.UsageError for an option before any name, for one given twice, and for a name without a version,
    and InvalidInput for options that exclude each other.
    """
    selections: list[_Selection] = []
    for name, value in words:
        if name in {PARTICIPANT, IGNORE}:
            selections.append(_Selection(name, value))
        else:
            _choose(selections, name, value)
    asked = [_select(selection) for selection in selections if selection.opener == PARTICIPANT]
    ignored = [_ignore(selection) for selection in selections if selection.opener == IGNORE]
    return asked, ignored


def _choose(selections: Sequence[_Selection], name: str, value: str) -> None:
    flag = f"--{name.replace('_', '-')}"
    if not selections:
        raise click.UsageError(f"{flag} belongs to the name before it: give --pacticipant NAME first.")
    selection = selections[-1]
    if name in selection.choices:
        raise click.UsageError(f"{flag} is given twice for {selection.participant}.")
    selection.choices[name] = value


def _select(selection: _Selection) -> Selector:
    choices = selection.choices
    if not choices:
        raise click.UsageError(
            f"Which {selection.participant}? Add --version NUMBER, --branch NAME, --main-branch or --latest after it."
        )
    latest = choices.get("latest")
    return Selector(
        selection.participant,
        version=choices.get("version"),
        branch=choices.get("branch"),
        tag=None if latest == OVERALL else latest,
        main_branch="main_branch" in choices,
        latest=latest is not None,
    )


def _ignore(selection: _Selection) -> Selector:
    if set(selection.choices) - {"version"}:
        raise click.UsageError(f"Only --version can say which {selection.participant} to ignore.")
    return Selector(selection.participant, selection.choices.get("version"))
