"""The demo: three services, a broker, and a breaking change that is caught before it is deployed.

`make demo` runs it, and `KEEP=1 make demo` leaves the broker running for a look around. Every command that it
shows is run as it is shown, on copies of the examples in a temporary folder.
"""

import difflib
import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.text import Text

EXAMPLES = Path(__file__).resolve().parent
CONSUMERS = ("checkout", "notifications")
PROVIDER = "inventory"
TO_PRODUCTION = "--to-environment production"
ANNOUNCEMENT = "Tallystick is listening on "
FOREIGN_SETTINGS = ("PACT_BROKER_", "TALLYSTICK_", "PYTEST_")
SECONDS = 60

console = Console(highlight=False)


class SurpriseError(Exception):
    """Something went otherwise than the demo promises."""


@dataclass(frozen=True)
class Stage:
    """A folder with a copy of each service, and the environment that commands run in."""

    folder: Path
    environ: dict[str, str]

    def run(self, command: str, *, service: str = "", exits: int = 0, says: Sequence[str] = ()) -> None:
        """Run a command in a service's folder and show it; raises SurpriseError unless it ends as expected."""
        show_command(command, service)
        result = subprocess.run(  # noqa: S603 - a command of the demo's own
            self.find(command),
            cwd=self.folder / service,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=SECONDS,
            check=False,
        )
        output = Text.from_ansi(result.stdout.strip("\n"))
        for line in output.split():
            show_output(line)
        if result.returncode != exits:
            raise SurpriseError(f"the exit code is {result.returncode}, not {exits}")
        unsaid = [text for text in says if text not in output.plain]
        if unsaid:
            raise SurpriseError(f"the output does not say {unsaid[0]!r}")

    def find(self, command: str) -> list[str]:
        """Return the command as arguments, with its program from the environment that runs the demo."""
        program, *arguments = shlex.split(command)
        path = shutil.which(program, path=self.environ["PATH"])
        if path is None:
            raise SurpriseError(f"{program} is not installed here: run `make setup`")
        return [path, *arguments]

    def start_broker(self, cleanup: ExitStack) -> subprocess.Popen[str]:
        """Start a broker and leave its stopping to the cleanup."""
        command = "tallystick serve --port 0 --database-url sqlite:///broker.db"
        show_command(command)
        with (self.folder / "broker.log").open("w") as log:
            process = subprocess.Popen(  # noqa: S603 - a command of the demo's own
                self.find(command),
                cwd=self.folder,
                env=self.environ,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                encoding="utf-8",
                start_new_session=True,  # so that Ctrl-C, too, leaves its stopping to the cleanup
            )
        cleanup.callback(process.wait, SECONDS)
        cleanup.callback(process.terminate)
        return process

    def await_address(self, process: subprocess.Popen[str]) -> str:
        """Return the address that the broker prints once it can be reached."""
        line = process.stdout.readline().strip() if process.stdout else ""
        if not line.startswith(ANNOUNCEMENT):
            raise SurpriseError("the broker did not start:\n" + (self.folder / "broker.log").read_text())
        show_output(Text(line))
        return line.removeprefix(ANNOUNCEMENT)


def show_step(text: str) -> None:
    """Begin a step of the demo."""
    console.print(f"\n[bold cyan]▌ {text}[/bold cyan]")


def show_command(command: str, service: str = "") -> None:
    """Show a command as a user would type it."""
    console.print(Text.assemble((f"  {service}$ ", "dim"), (command, "bold")), soft_wrap=True)


def show_output(line: Text) -> None:
    """Show a line that a command printed."""
    console.print(Text.assemble(("  │ ", "dim"), line), soft_wrap=True)


def prepare(folder: Path) -> Stage:
    """Return the stage in this folder, with the examples as a user would get them."""
    untouched = shutil.ignore_patterns("contracts", "*.db", "__pycache__", ".*_cache")
    for service in (*CONSUMERS, PROVIDER):
        shutil.copytree(EXAMPLES / service, folder / service, ignore=untouched)
    own = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN_SETTINGS)}
    own["PATH"] = os.pathsep.join([sysconfig.get_path("scripts"), own.get("PATH", "")])
    own |= {
        "TMPDIR": str(folder),
        "PACT_DO_NOT_TRACK": "true",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "1",
        # A user's environment has not all the plugins that ours has, which take longer to load than the demo.
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTEST_PLUGINS": "pytest_tallystick",
    }
    if console.is_terminal:
        own["FORCE_COLOR"] = "1"
    return Stage(folder, own)


def play(stage: Stage, address: str) -> None:
    """Tell the story against the broker at this address."""
    stage.environ["PACT_BROKER_BASE_URL"] = address
    show_command(f"export PACT_BROKER_BASE_URL={address}")
    record(stage)
    verify(stage)
    deploy(stage)
    break_contract(stage)
    refuse(stage)


def record(stage: Stage) -> None:
    """Have the consumers' tests record and publish what they expect."""
    for consumer in CONSUMERS:
        show_step(f"The tests of {consumer} record what it expects of {PROVIDER}, and publish it")
        stage.run(suite("1.0.0"), service=consumer, says=[f"{consumer}-{PROVIDER}.json"])


def verify(stage: Stage) -> None:
    """Have the provider's tests verify it."""
    show_step(f"The tests of {PROVIDER} verify what both expect: one test for each interaction")
    stage.run(suite("1.0.0"), service=PROVIDER, says=[f"for {consumer}" for consumer in CONSUMERS])


def deploy(stage: Stage) -> None:
    """Deploy the provider and then its consumers, each after the gate has said yes."""
    show_step("There is a production environment, to which each version goes once the gate says yes")
    stage.run("tallystick create-environment --name production --production")
    for service in (PROVIDER, *CONSUMERS):
        stage.run(f"tallystick can-i-deploy -a {service} -e 1.0.0 {TO_PRODUCTION}", says=["YES"])
        stage.run(f"tallystick record-deployment -a {service} -e 1.0.0 --environment production")


def break_contract(stage: Stage) -> None:
    """Change the provider in a way that one consumer cannot bear."""
    show_step(f"Somebody renames a field in {PROVIDER}. Its own tests still pass …")
    program = stage.folder / PROVIDER / "inventory.py"
    before = program.read_text(encoding="utf-8")
    after = before.replace("held_until", "expires_at")
    program.write_text(after, encoding="utf-8")
    for line in difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm=""):
        if not line.startswith(("---", "+++", "@@")):
            show_output(Text(line, "red" if line[0] == "-" else "green"))
    stage.run("pytest -q tests/test_inventory.py", service=PROVIDER)
    show_step("… but not the test of what checkout expects")
    stage.run(
        suite("2.0.0"), service=PROVIDER, exits=1, says=["checkout", "reserve two of five", "held_until"]
    )


def refuse(stage: Stage) -> None:
    """Ask whether the changed provider can be deployed."""
    show_step("The gate knows what runs in production, and says no")
    question = f"tallystick can-i-deploy -a {PROVIDER} -e 2.0.0 {TO_PRODUCTION}"
    stage.run(question, exits=1, says=["NO", "checkout 1.0.0", "reserve two of five", "held_until", "Next:"])


def suite(version: str) -> str:
    """Return the command that tests a version and publishes what came out."""
    return f"pytest -q --contracts-publish --contracts-version {version} --contracts-branch main"


def main() -> None:
    """Play the demo; exits with 1 when anything is not as promised."""
    keep = os.environ.get("KEEP", "") not in {"", "0"}
    with ExitStack() as cleanup:
        folder = Path(tempfile.mkdtemp(prefix="tallystick-demo-"))
        cleanup.callback(shutil.rmtree, folder)
        try:
            stage = prepare(folder)
            show_step("A broker, on a free port of this machine and with a new database")
            process = stage.start_broker(cleanup)
            address = stage.await_address(process)
            play(stage, address)
        except SurpriseError as error:
            console.print(f"\n[bold red]The demo did not go as it should:[/bold red] {error}", soft_wrap=True)
            sys.exit(1)
        if keep:
            cleanup.pop_all()
    show_step("So inventory 2.0.0 stays out of production, and checkout goes on working")
    ending = (
        f"runs on as process {process.pid}, in {folder}" if keep else "is stopped; KEEP=1 leaves it running"
    )
    console.print(f"  The broker at {address} {ending}.", soft_wrap=True)


if __name__ == "__main__":
    main()
