"""The `tallystick` command: asks and tells a broker, and runs one if its packages are installed."""

import io
import sys
from typing import Any

import click

from tallystick_cli import operators
from tallystick_cli.can_i_deploy import can_i_deploy
from tallystick_cli.can_i_rollback import can_i_rollback
from tallystick_cli.can_i_undeploy import can_i_undeploy
from tallystick_cli.environments import create_environment, record_deployment
from tallystick_cli.output import Failure, Refusal
from tallystick_cli.overrides import create_override, end_override, list_overrides
from tallystick_cli.plan import plan
from tallystick_cli.publish import publish
from tallystick_client.errors import BrokerError, BrokerRefused, NotFound


class Commands(click.Group):
    """This package's commands and the broker's, of which only one that is run is loaded."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the name of every command."""
        return sorted({*super().list_commands(ctx), *operators.find_commands()})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command; of the broker's ones only what the list of commands shows."""
        return super().get_command(ctx, cmd_name) or operators.announce_command(cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command to run, loaded, with its name and arguments."""
        name, command, rest = super().resolve_command(ctx, args)
        if command and command.name not in self.commands:
            command = operators.load_command(str(command.name))
        return name, command, rest

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a failure ends with its exit code and without a traceback."""
        try:
            return super().invoke(ctx)
        except BrokerError as error:
            # Who named something that is not there was not told no.
            refused = isinstance(error, BrokerRefused) and not isinstance(error, NotFound)
            raise (Refusal if refused else Failure)(str(error)) from error
        except ModuleNotFoundError as error:
            raise operators.explain_missing(error, ctx.invoked_subcommand) from error


@click.group(
    cls=Commands,
    context_settings={
        "max_content_width": 100,
        # Pipelines written for other Pact command lines may spell options with underscores.
        "token_normalize_func": lambda token: token.replace("_", "-"),
    },
)
@click.version_option(package_name="tallystick", prog_name="tallystick")
def main() -> None:
    """Publish contracts, record deployments, and ask whether a version can be deployed.

    Exit codes: 0 is yes, 1 is no, 2 means that it could not be told.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A name that the terminal cannot show must not end the command.
            stream.reconfigure(errors="backslashreplace")


main.add_command(publish)
main.add_command(create_environment)
main.add_command(record_deployment)
main.add_command(can_i_deploy)
main.add_command(can_i_rollback)
main.add_command(can_i_undeploy)
main.add_command(plan)
main.add_command(create_override)
main.add_command(list_overrides)
main.add_command(end_override)
