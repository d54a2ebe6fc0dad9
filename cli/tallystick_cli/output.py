"""How answers reach the user: results on stdout, everything else on stderr, and no text takes over the terminal."""

import json
import sys
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from tallystick_client.publishing import Notice

WIDE = 10_000
"""Columns where no terminal sets a limit: a log must not cut a name or break a line."""

STYLES = {"success": "green", "error": "red", "danger": "red", "warning": "yellow", "prompt": "yellow"}


class Failure(click.ClickException):
    """Why an answer could not be had."""

    exit_code = 2

    def __init__(self, message: str) -> None:
        super().__init__(make_printable(message))


class Refusal(Failure):
    """Why the answer is no."""

    exit_code = 1


def make_printable(text: str) -> str:
    """Return the text with every control character but line break and tab written out, as `\\x1b`."""
    return "".join(
        character
        if character in "\n\t" or unicodedata.category(character) != "Cc"
        else ascii(character).strip("'")
        for character in text
    )


def open_console() -> Console:
    """Return the console that writes results to stdout."""
    width = None if sys.stdout.isatty() else WIDE
    return Console(width=width, markup=False, highlight=False, emoji=False)


def write(console: Console, text: str, style: str = "", indent: int = 0) -> None:
    """Write a text, each of its lines indented by so many columns, without breaking long ones."""
    for line in make_printable(text).split("\n"):
        console.print(Text(" " * indent + line, style=style), soft_wrap=True)


def write_notices(console: Console, notices: Iterable[Notice]) -> None:
    """Write what a broker says, coloured by how much it matters."""
    for notice in notices:
        write(console, notice.text, STYLES.get(notice.type, ""))


def write_json(body: Mapping[str, Any]) -> None:
    """Write a broker's answer as it is, laid out for reading and in ASCII, so that any stdout can take it."""
    click.echo(json.dumps(body, indent=2))


def talk(text: str) -> None:
    """Write a remark to stderr."""
    click.echo(make_printable(text), err=True)
