"""How each compared WSGI server is started, with the same processes and threads."""

import multiprocessing
import os
import signal
import socket
import sys
from dataclasses import dataclass
from typing import NoReturn


@dataclass(frozen=True)
class Setup:
    """One server with its number of processes and of threads per process."""

    server: str
    processes: int
    threads: int

    @property
    def label(self) -> str:
        """The name of this set-up in the tables."""
        return f"{self.server} {self.processes} x {self.threads}"

    def command(self, port: int) -> list[str]:
        """The command line that serves the app on a loopback port."""
        options = {
            "gunicorn": "--worker-class gthread --workers {p} --threads {t} --bind 127.0.0.1:{port}"
            " --keep-alive 30 --no-control-socket --log-level error wsgi.app:create_app()",
            "granian": "--interface wsgi --workers {p} --blocking-threads {t} --host 127.0.0.1 --port {port}"
            " --log-level error --factory wsgi.app:create_app",
            "waitress": "{port} {p} {t}",
        }
        module = "wsgi.launch" if self.server == "waitress" else self.server
        chosen = options[self.server].format(p=self.processes, t=self.threads, port=port)
        return [sys.executable, "-m", module, *chosen.split()]


def run_waitress(listener: socket.socket, threads: int) -> None:
    """Serve on an open socket; SIGTERM ends waitress's own loop, as its documentation has it."""
    import waitress

    from wsgi.app import create_app

    def stop(_signal: int, _frame: object) -> NoReturn:
        raise SystemExit

    signal.signal(signal.SIGTERM, stop)
    waitress.serve(create_app(), sockets=[listener], threads=threads, _quiet=True)


def launch_waitress(port: int, processes: int, threads: int) -> None:
    """Run one waitress, or several that accept from one listening socket."""
    listener = socket.create_server(("127.0.0.1", port), backlog=1024)
    if processes == 1:
        run_waitress(listener, threads)
        return
    context = multiprocessing.get_context("fork")
    children = [context.Process(target=run_waitress, args=(listener, threads)) for _ in range(processes)]
    for child in children:
        child.start()

    def stop(_signal: int, _frame: object) -> None:
        for child in children:
            if child.pid:
                os.kill(child.pid, signal.SIGTERM)

    signal.signal(signal.SIGTERM, stop)
    for child in children:
        child.join()


if __name__ == "__main__":
    launch_waitress(*(int(argument) for argument in sys.argv[1:4]))
