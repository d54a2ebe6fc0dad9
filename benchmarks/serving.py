"""Brokers that benchmarks ask over HTTP: one process on a database, and a connection that is kept."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

import click
import psutil
from sqlalchemy import make_url

from histories.bulk import fill
from histories.records import Record
from tallystick_broker import db, schema

ANNOUNCEMENT = "Tallystick is listening on "


class Asker:
    """A client of one broker, which keeps its connection."""

    def __init__(self, address: str, process: int, database: str) -> None:
        parts = urlsplit(address)
        self._connection = HTTPConnection(str(parts.hostname), parts.port, timeout=120)
        self._process, self._database = process, database

    def ask(self, path: str) -> tuple[float, Any]:
        """Return how many milliseconds the whole answer took, and its document."""
        began = time.perf_counter()
        self._connection.request("GET", path, headers={"Accept": "application/hal+json"})
        answer = self._connection.getresponse()
        body = answer.read()
        took = 1000 * (time.perf_counter() - began)
        if answer.status != 200:
            raise click.ClickException(f"{path[:200]} answered {answer.status}: {body[:500].decode()}")
        return took, json.loads(body)

    def spend(self) -> float:
        """Return the milliseconds of CPU that the broker has used, with PostgreSQL's processes for its database."""
        title = f" {self._database} "
        backends = [
            each.pid
            for each in psutil.process_iter(["cmdline"])
            if (line := " ".join(each.info["cmdline"] or ())).startswith("postgres:") and title in line
        ]
        times = [psutil.Process(pid).cpu_times() for pid in (self._process, *backends)]
        return 1000 * sum(each.user + each.system for each in times)


@contextmanager
def serve(database_url: str) -> Iterator[Asker]:
    """Yield a client of `tallystick serve`, one process, on this database."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("TALLYSTICK_")}
    environ |= {"TALLYSTICK_DATABASE_URL": database_url, "TALLYSTICK_LOG_LEVEL": "error"}
    command = [sys.executable, "-m", "tallystick_cli", "serve", "--port", "0"]
    process = subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True)  # noqa: S603 (ours)
    try:
        line = process.stdout.readline() if process.stdout else ""
        if not line.startswith(ANNOUNCEMENT):
            raise click.ClickException(f"the broker did not start on {database_url}")
        address = line.removeprefix(ANNOUNCEMENT).strip()
        yield Asker(address, process.pid, str(make_url(database_url).database))
    finally:
        process.terminate()
        process.wait(30)


@contextmanager
def filled(history: Iterator[Record]) -> Iterator[str]:
    """Yield the URL of a SQLite database with this history, for as long as the block lasts."""
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'history.db'}"
        engine = db.connect(url)
        schema.upgrade(engine)
        fill(engine, history)
        yield url
