"""`tallystick serve` and `tallystick migrate` as an operator runs them."""

import os
import signal
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Sequence
from pathlib import Path

import pytest

import forks
import live
from tallystick_broker.server import bind


def start(folder: Path, command: str, *arguments: str) -> subprocess.Popen[str]:
    """Start an operator's command in a folder, with no settings but the given ones."""
    program = f"from tallystick_broker.commands import {command}; {command}()"
    return subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        cwd=folder,
        env=settings(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def fail(program: forks.Program, folder: Path, *arguments: str, **variables: str) -> str:
    """Run a command that can't start; returns what it says, after checking how it says it."""
    errors = folder.with_suffix(".err")
    with forks.running(program, *arguments, folder=folder, environ=settings() | variables, stderr=errors) as (
        process,
        stdout,
    ):
        out = stdout.read()
        process.join()
        err = errors.read_text()
        assert process.exitcode == 2, err
    assert out == ""
    assert err.startswith("Error: ")
    assert "Traceback" not in err
    return err


def settings() -> dict[str, str]:
    """Return the environment without the settings of whoever runs the tests."""
    return {name: value for name, value in os.environ.items() if not name.startswith(live.FOREIGN_SETTINGS)}


def serve(arguments: Sequence[str]) -> None:
    """Be `tallystick serve`."""
    from tallystick_broker import commands

    commands.serve(arguments)


def migrate(arguments: Sequence[str]) -> None:
    """Be `tallystick migrate`."""
    from tallystick_broker import commands

    commands.migrate(arguments)


def migrate_without_psycopg(arguments: Sequence[str]) -> None:
    """Be `tallystick migrate` where the driver of PostgreSQL is not installed."""
    sys.modules["psycopg"] = None  # type: ignore[assignment] # which is how an import is made to fail
    migrate(arguments)


def closed_port() -> int:
    """A loopback port that nothing listens on."""
    with bind("127.0.0.1", 0) as bound:
        return int(bound.getsockname()[1])


def test_serves_on_a_new_database_until_it_is_told_to_stop(tmp_path: Path) -> None:
    """Without any setting but the port a broker starts, makes its database, answers and stops cleanly."""
    with start(tmp_path, "serve", "--port", "0") as process:
        assert process.stdout is not None
        url = process.stdout.readline().removeprefix("Tallystick is listening on ").strip()
        with urllib.request.urlopen(f"{url}/", timeout=30) as answer:  # noqa: S310 (a loopback address)
            assert answer.status == 200
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (0, ""), err
    assert (tmp_path / "tallystick.db").exists()


def test_serve_tells_of_a_port_in_use(tmp_path: Path) -> None:
    """A second broker on the same port does not start, and leaves no database behind."""
    with bind("127.0.0.1", 0) as bound:
        port = str(bound.getsockname()[1])
        assert f"Port {port} on 127.0.0.1 is in use" in fail(serve, tmp_path, "--port", port)
    assert list(tmp_path.iterdir()) == []


def test_serve_refuses_an_old_schema_with_no_migrate(tmp_path: Path) -> None:
    """With --no-migrate the schema is never touched; the message says how to bring it up to date."""
    message = fail(serve, tmp_path, "--port", "0", "--no-migrate")
    assert "tallystick migrate" in message
    with sqlite3.connect(tmp_path / "tallystick.db") as connection:
        assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    connection.close()


@pytest.mark.parametrize("command", [serve, migrate])
def test_tells_of_an_unreachable_database_without_its_password(
    tmp_path: Path, command: forks.Program
) -> None:
    """When PostgreSQL does not answer, the message says so and hides the password."""
    url = f"postgres://broker:s3cret@127.0.0.1:{closed_port()}/broker"
    variables = {"TALLYSTICK_DATABASE_URL": url, "TALLYSTICK_PORT": "0"}
    message = fail(command, tmp_path, **variables)
    assert "can't be opened" in message
    assert "s3cret" not in message


@pytest.mark.parametrize(
    "url",
    [
        "tallystick.db:s3cret",
        "sqlite//x:s3cret",
        "mysql://u:s3cret@h/d",
        "nonsense://u:s3cret@h",
        "postgresql://u:s3cret@h:port/d",
    ],
)
def test_refuses_a_bad_database_url_without_repeating_it(tmp_path: Path, url: str) -> None:
    """A database URL that can't be used is refused before anything is opened; it may hold a password."""
    assert "s3cret" not in fail(migrate, tmp_path, "--database-url", url)


def test_names_the_extra_of_a_missing_driver(tmp_path: Path) -> None:
    """Without psycopg, a PostgreSQL URL is answered with the command that installs it."""
    message = fail(migrate_without_psycopg, tmp_path, "--database-url", "postgresql://h/d")
    assert "pip install 'tallystick[" in message
    assert "postgres" in message


def test_tells_of_a_file_that_is_no_database(tmp_path: Path) -> None:
    """A file that SQLite can't read is left as it is."""
    (tmp_path / "tallystick.db").write_text("notes, not tables " * 100)
    assert "tallystick.db" in fail(migrate, tmp_path)
    assert (tmp_path / "tallystick.db").read_text().startswith("notes")


def test_names_the_option_of_a_bad_value(tmp_path: Path) -> None:
    """A bad value on the command line is answered with the option's name."""
    assert "--port must be a number from 0 to 65535" in fail(serve, tmp_path, "--port", "many")


def test_names_the_variable_of_a_bad_value(tmp_path: Path) -> None:
    """A bad value in the environment is answered with the variable's name."""
    assert "TALLYSTICK_PORT must be" in fail(serve, tmp_path, TALLYSTICK_PORT="many")


def test_migrate_may_run_twice(tmp_path: Path) -> None:
    """Migrating what is up to date changes nothing and succeeds; stdout stays empty."""
    for _ in range(2):
        with start(tmp_path, "migrate") as process:
            out, err = process.communicate(timeout=60)
        assert (process.returncode, out, err) == (0, "", "The database is up to date.\n")


def test_help_is_quick(tmp_path: Path) -> None:
    """The commands' module loads no web framework, so that --help of the whole program stays quick."""
    heavy = "{'flask', 'sqlalchemy', 'alembic', 'waitress'} & set(sys.modules)"
    program = f"import sys; import tallystick_broker.commands; print({heavy})"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == "set()\n"
