"""The broker's own commands, which join through an entry point and are not loaded before they are run."""

from importlib.metadata import EntryPoint, entry_points

import click

from tallystick_cli.output import Failure

GROUP = "tallystick.commands"
HELP = {
    "serve": "Start the broker.",
    "migrate": "Bring the broker's database up to date.",
}
"""What the list of commands says of each, as asking them would load the broker."""


def find_commands() -> dict[str, EntryPoint]:
    """Return where each command that other packages bring is, by its name."""
    return {point.name: point for point in entry_points(group=GROUP)}


def announce_command(name: str) -> click.Command | None:
    """Return what the list of commands shows of a command that is not loaded, or None for an unknown one."""
    if name not in find_commands():
        return None
    return click.Command(name, short_help=HELP.get(name, "Brought by another package."))


def load_command(name: str) -> click.Command:
    """Return the command itself; raises ModuleNotFoundError when what it needs is not installed."""
    command = find_commands()[name].load()
    if not isinstance(command, click.Command):
        raise TypeError(f"the entry point {name} of {GROUP} is not a click command")
    return command


def explain_missing(error: ModuleNotFoundError, name: str | None) -> Exception:
    """Return what to tell the user of a module that is not installed; a missing module of ours is a mistake of ours."""
    if name not in find_commands() or (error.name or "").startswith("tallystick"):
        return error
    return Failure(
        f"`tallystick {name}` needs {error.name}, which is not installed. Install what the broker needs with:\n"
        "  pip install 'tallystick[broker]'"
    )
