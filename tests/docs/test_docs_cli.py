"""The reference of the command line, held against the command line."""

import re

import click
import pytest

from product import ROOT
from tallystick_cli.main import main

REFERENCE = (ROOT / "docs/reference/cli.md").read_text(encoding="utf-8")
COMMANDS = main.list_commands(click.Context(main))
SHARED = "Options of all commands that ask a broker"


def read_sections() -> dict[str, str]:
    """Return the text under each heading of the second rank."""
    _, *parts = re.split(r"^## (?:tallystick )?(.+)\n", REFERENCE, flags=re.MULTILINE)
    return dict(zip(parts[::2], parts[1::2], strict=True))


def read_documentation(name: str) -> str:
    """Return what the reference says of a command, with what it says of all those that ask a broker."""
    sections = read_sections()
    is_operators = name in {"serve", "migrate"}
    return sections[name] if is_operators else sections[name] + sections[SHARED]


def load(name: str) -> click.Command:
    """Return a command with all its options."""
    _, command, _ = main.resolve_command(click.Context(main), [name])
    assert command
    return command


def list_options(command: click.Command) -> set[str]:
    """Return every spelling of every option."""
    return {
        spelling
        for each in command.params
        if isinstance(each, click.Option)
        for spelling in (*each.opts, *each.secondary_opts)
    }


def list_variables(command: click.Command) -> set[str]:
    """Return the variables that the command's own help names."""
    text = command.get_help(click.Context(command, max_content_width=1000))
    return set(re.findall(r"\b(?:PACT_BROKER|TALLYSTICK)_[A-Z_]+", text))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_documented(name: str) -> None:
    """Each option and each variable of a command is in its section of the reference, and no other option is."""
    documentation, command = read_documentation(name), load(name)
    cells = [line.split("|")[1] for line in documentation.splitlines() if line.startswith("| `-")]
    documented = set(re.findall(r"`(--?[a-z-]+)", " ".join(cells)))
    assert documented == list_options(command)
    assert [each for each in list_variables(command) if f"`{each}" not in documentation] == []


def test_every_command_is_listed() -> None:
    """The table at the top leads to the section of each command."""
    linked = re.findall(r"^\| \[`([a-z-]+)`\]\(#tallystick-([a-z-]+)\)", REFERENCE, flags=re.MULTILINE)
    assert sorted(linked) == [(name, name) for name in COMMANDS]
    assert set(COMMANDS) <= set(read_sections())
