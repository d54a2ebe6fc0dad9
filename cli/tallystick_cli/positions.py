"""Options that select versions, whose place on the command line matters."""

from collections.abc import Callable
from typing import Any

import click

from tallystick_cli.options import NON_BLANK
from tallystick_cli.selection import IGNORE, OVERALL, PARTICIPANT, order_words

Function = Callable[..., Any]

SELECTING = (PARTICIPANT, "version", "latest", "branch", "main_branch", IGNORE)
_OPTIONS = (
    click.option(
        "-a",
        "--pacticipant",
        "--participant",
        PARTICIPANT,
        type=NON_BLANK,
        multiple=True,
        metavar="NAME",
        help="The service to ask about; repeatable. The next options say which version of it.",
    ),
    click.option(
        "-e",
        "--version",
        "version",
        type=NON_BLANK,
        multiple=True,
        metavar="VERSION",
        help="This version of it.",
    ),
    click.option(
        "-l",
        "--latest",
        "latest",
        type=NON_BLANK,
        multiple=True,
        is_flag=False,
        flag_value=OVERALL,
        metavar="[TAG]",
        help="Its latest version, or the latest with this tag.",
    ),
    click.option(
        "--branch",
        "branch",
        type=NON_BLANK,
        multiple=True,
        metavar="BRANCH",
        help="The latest version of this branch of it.",
    ),
    click.option("--main-branch", "main_branch", count=True, help="The latest version of its main branch."),
    click.option(
        "--ignore",
        IGNORE,
        type=NON_BLANK,
        multiple=True,
        metavar="NAME",
        help="Leave this service out, or with --version after it, this version of it; repeatable.",
    ),
)


class PositionedCommand(click.Command):
    """A command with options whose place on the command line matters; it gets them in order as `words`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments, and bring the selecting options into the order that they were given in."""
        _, _, order = self.make_parser(ctx).parse_args(args=list(args))
        rest = super().parse_args(ctx, args)
        values = {name: ctx.params.pop(name) for name in SELECTING}
        values["main_branch"] = [""] * values["main_branch"]
        ctx.params["words"] = order_words([str(parameter.name) for parameter in order], values)
        return rest


def selects_versions(command: Function) -> Function:
    """Give a PositionedCommand the options that select versions; it gets them as `words`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command
