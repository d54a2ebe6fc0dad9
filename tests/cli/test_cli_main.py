"""The command itself: what it lists, what it loads, and how it fails."""

import subprocess
import sys
from importlib.metadata import version

import pytest

from command import Run

WITHOUT_BROKER_EXTRA = """
import sys
for name in ("flask", "sqlalchemy", "alembic", "jsonschema"):
    sys.modules[name] = None
from tallystick_cli.main import main
main(["serve"])
"""

WHAT_HELP_LOADS = """
import sys
from tallystick_cli.main import main
try:
    main(["--help"])
finally:
    loaded = {name.partition(".")[0] for name in sys.modules}
    print("loaded:", *sorted(loaded & {"tallystick_broker", "flask", "sqlalchemy", "alembic", "pytest", "pact"}))
"""


def run_python(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run a Python program of its own, so that nothing is loaded yet."""
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False)


def test_help_lists_the_brokers_commands_without_loading_the_broker() -> None:
    """Every command is listed with its help, and neither the broker nor its libraries are loaded for that."""
    lines = run_python("-c", WHAT_HELP_LOADS).stdout.splitlines()
    listed = dict(line.split(maxsplit=1) for line in lines[lines.index("Commands:") + 1 : -1])
    assert set(listed) == {
        "can-i-deploy",
        "can-i-rollback",
        "can-i-undeploy",
        "create-environment",
        "create-override",
        "end-override",
        "list-overrides",
        "migrate",
        "plan",
        "publish",
        "record-deployment",
        "serve",
    }
    assert listed["serve"] == "Start the broker."
    assert not any(text.endswith("...") for text in listed.values())
    assert lines[-1] == "loaded:"


def test_the_brokers_commands_say_what_to_install() -> None:
    """Without the broker's packages its commands end with what to install, and with exit code 2."""
    result = run_python("-c", WITHOUT_BROKER_EXTRA)
    assert "pip install 'tallystick[broker]'" in result.stderr
    assert "Traceback" not in result.stderr
    assert (result.returncode, result.stdout) == (2, "")


def test_a_brokers_command_is_loaded_to_run(tallystick: Run) -> None:
    """Once it is run, the broker's command answers with its own options."""
    result = tallystick("serve", "--help")
    assert "--database-url" in result.stdout
    assert result.exit_code == 0


def test_the_module_is_the_command() -> None:
    """`python -m tallystick_cli` does the same as `tallystick`."""
    result = run_python("-m", "tallystick_cli", "--version")
    assert result.stdout == f"tallystick, version {version('tallystick')}\n"


def test_an_unknown_command_is_a_usage_error(tallystick: Run) -> None:
    """A mistyped command ends with 2 and says nothing on stdout."""
    result = tallystick("pubish")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "No such command 'pubish'" in result.stderr


def test_underscores_are_as_good_as_hyphens(tallystick: Run) -> None:
    """Pipelines written for another Pact command line may spell options with underscores."""
    result = tallystick(
        "can_i_deploy", "--broker_base_url", "ftp://b", "--pacticipant", "Web", "--version", "1"
    )
    assert "not the URL of a broker" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("can-i-deploy", "-a", "Web", "-e", "1", "--to-environment", "prod"),
        ("record-deployment", "-a", "Web", "-e", "1", "--environment", "prod"),
        ("create-environment", "--name", "prod"),
    ],
)
def test_every_command_needs_a_broker(tallystick: Run, arguments: tuple[str, ...]) -> None:
    """Without a broker the message names option and variable."""
    result = tallystick(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--broker-base-url" in result.stderr
    assert "PACT_BROKER_BASE_URL" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("can-i-deploy", "-a", "Web", "-e", "1", "--to-environment", "prod"),
        ("record-deployment", "-a", "Web", "-e", "1", "--environment", "prod"),
        ("create-environment", "--name", "prod"),
    ],
)
def test_an_unreachable_broker_is_no_answer(
    tallystick: Run, closed_url: str, arguments: tuple[str, ...]
) -> None:
    """A broker that cannot be reached ends with 2, names its URL, and shows neither traceback nor secret."""
    result = tallystick(*arguments, "-b", closed_url, "-u", "joe", "-p", "s3cr3t")
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"No broker could be reached at {closed_url}" in result.stderr
    assert "s3cr3t" not in result.stderr


@pytest.mark.parametrize("blank", ["", "  "])
def test_a_blank_value_is_a_usage_error(tallystick: Run, blank: str) -> None:
    """A variable that is not set must not turn into a wider question."""
    options = ("-b", "http://127.0.0.1:9", "-a", "Web", "-e", "1")
    for arguments in [(*options, "--to-environment", blank), (*options, "--branch", blank), ("-b", blank)]:
        result = tallystick("can-i-deploy", *arguments)
        assert result.exit_code == 2
        assert "it is blank" in result.stderr
