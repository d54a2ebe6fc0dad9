"""Programs in processes of their own, forked from one that has the slow imports behind it.

A start takes a tenth of the time that a new interpreter needs. Of pytest's plugins only its own are among the
imports: it has to load others itself.
"""

import atexit
import gc
import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from _pytest.config import default_plugins

Program = Callable[[Sequence[str]], Any]

TESTS = str(Path(__file__).parent)
PRELOADED = [
    *("pytest", "execnet", "flask", "pact_ffi", "pdb", "requests", "rich.console", "unittest"),
    *("psycopg", "tallystick_broker.app", "tallystick_broker.server", "tallystick_broker.webhooks.worker"),
    *("tallystick_broker.schema", "tallystick_cli.main"),
    *(f"_pytest.{plugin}" for plugin in default_plugins),
]

context = get_context("forkserver")
context.set_forkserver_preload(PRELOADED)


@contextmanager
def running(
    program: Program, *arguments: str, folder: Path, environ: Mapping[str, str], stderr: Path
) -> Iterator[tuple[ForkServerProcess, Any]]:
    """Yield the process of a program, a function of an importable module, and its standard output to read from.

    The caller has to end it; what it writes to standard error is added to the file.
    """
    reader, writer = context.Pipe(duplex=False)
    process = context.Process(
        target=_run, args=(program, arguments, folder, dict(environ), writer, stderr), daemon=True
    )
    process.start()
    writer.close()
    with reader, open(reader.fileno(), encoding="utf-8", closefd=False) as stdout:
        yield process, stdout
    process.join()
    process.close()


def _run(
    program: Program,
    arguments: Sequence[str],
    folder: Path,
    environ: Mapping[str, str],
    stdout: Connection,
    stderr: Path,
) -> None:
    gc.freeze()  # what was imported stays: no collection has to walk through it, or to copy its pages
    with stdout, stderr.open("a") as errors:
        os.dup2(stdout.fileno(), 1)
        os.dup2(errors.fileno(), 2)
    sys.stdout, sys.stderr = (os.fdopen(descriptor, "w", encoding="utf-8") for descriptor in (1, 2))
    # Whoever runs the tests in the background has it ignored, and processes inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(environ)
    os.chdir(folder)
    sys.path[:] = [str(folder), *(path for path in sys.path if path != TESTS)]
    try:
        sys.exit(program(arguments))
    finally:
        atexit._run_exitfuncs()
