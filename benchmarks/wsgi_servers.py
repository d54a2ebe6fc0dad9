"""Compare the WSGI servers that could carry the broker: `python benchmarks/wsgi_servers.py`.

Needs the dependency group `bench` and takes about six minutes.
"""

import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from pathlib import Path

import psutil

from wsgi import probes
from wsgi.app import fill_database
from wsgi.launch import Setup
from wsgi.probes import Running

HERE = Path(__file__).parent
SETUPS = [
    Setup("gunicorn", 1, 8),
    Setup("waitress", 1, 8),
    Setup("granian", 1, 8),
    Setup("gunicorn", 2, 4),
    Setup("waitress", 2, 4),
    Setup("granian", 2, 4),
]
CLIENTS = [1, 4, 8, 32]
ROUNDS = 9
SECONDS = 0.7
PROBES: dict[str, Callable[[Running], str]] = {
    "environ key of the undecoded path": probes.find_raw_path,
    "`[` and `]` in a query string": probes.check_brackets,
    "percent-encoded UTF-8 path": probes.check_non_ascii,
    "two `Accept` lines": probes.check_two_accepts,
    "request beside 16 slow uploads": probes.time_beside_slow_uploads,
    "SIGTERM in a 1.5 s request": probes.stop_during_slow_request,
    "SIGTERM while 8 MB are being read": probes.stop_during_slow_reader,
}


def find_free_port() -> int:
    """A loopback port that nothing listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def wait_until_answering(process: psutil.Popen, port: int) -> None:
    """Return at the first answer; raises TimeoutError after twenty seconds."""
    deadline = time.perf_counter() + 20
    while time.perf_counter() < deadline and process.poll() is None:
        try:
            probes.exchange(port, probes.build_get("/echo/x"))
        except OSError:
            time.sleep(0.005)
        else:
            return
    raise TimeoutError(f"no answer on port {port}")


@contextmanager
def start_server(setup: Setup, url: str) -> Iterator[Running]:
    """Run a server until the block ends; it is killed if it does not stop by itself."""
    port = find_free_port()
    began = time.perf_counter()
    environment = os.environ | {"BENCHMARK_DATABASE_URL": url}
    process = psutil.Popen(setup.command(port), cwd=HERE, env=environment, stderr=subprocess.DEVNULL)
    try:
        wait_until_answering(process, port)
        yield Running(process, port, time.perf_counter() - began)
    finally:
        if process.is_running():
            end_tree(process)


def end_tree(process: psutil.Popen) -> None:
    """Stop a server and its children, politely first."""
    tree = [process, *process.children(recursive=True)]
    process.terminate()
    _gone, alive = psutil.wait_procs(tree, timeout=10)
    for survivor in alive:
        survivor.kill()


def measure_load(port: int, clients: int) -> list[float]:
    """The latencies, in seconds, of one load run in a process of its own."""
    command = [sys.executable, str(HERE / "wsgi" / "load.py"), str(port), str(clients), str(SECONDS)]
    done = subprocess.run(command, capture_output=True, check=True, timeout=60)  # noqa: S603 (it is our own script)
    latencies: list[float] = json.loads(done.stdout)
    return latencies


def measure_all_loads(servers: list[Running]) -> dict[tuple[int, int], list[list[float]]]:
    """Latencies per server and client count, one list a round, the servers taking turns in each round."""
    results: dict[tuple[int, int], list[list[float]]] = {}
    for _round in range(ROUNDS):
        for clients in CLIENTS:
            for number, server in enumerate(servers):
                results.setdefault((number, clients), []).append(measure_load(server.port, clients))
    return results


def describe_load(mine: list[list[float]], first: list[list[float]]) -> str:
    """Requests per second, p50 and p95 in milliseconds, and the rate's ratio to the first server."""
    rate = statistics.median(len(latencies) / SECONDS for latencies in mine)
    ratio = statistics.median(len(a) / len(b) for a, b in zip(mine, first, strict=True))
    cuts = statistics.quantiles((latency for latencies in mine for latency in latencies), n=20)
    return f"{rate:.0f}/s ({ratio:.2f}), {cuts[9] * 1000:.1f} / {cuts[18] * 1000:.1f} ms"


def describe_loads(loads: dict[tuple[int, int], list[list[float]]], clients: int) -> list[str]:
    """One cell of the table for each server; the first is what the others are compared with."""
    return [describe_load(loads[number, clients], loads[0, clients]) for number in range(len(SETUPS))]


def measure_start_up(setup: Setup, url: str) -> float:
    """Seconds from starting the process to its first answer, the median of three starts."""
    times = []
    for _ in range(3):
        with start_server(setup, url) as running:
            times.append(running.started_in)
    return statistics.median(times)


def run_probe(probe: Callable[[Running], str], setup: Setup, url: str) -> str:
    """One probe against a server of its own, because some of them end it."""
    with start_server(setup, url) as running:
        return probe(running)


def format_table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table."""
    lines = [list(header), *(list(row) for row in rows)]
    lines.insert(1, ["---"] * len(lines[0]))
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def compare(url: str) -> Iterator[str]:
    """Yield the report's tables as they are measured."""
    with ExitStack() as stack:
        servers = [stack.enter_context(start_server(setup, url)) for setup in SETUPS]
        loads = measure_all_loads(servers)
        memory = [f"{server.memory():.0f} MB" for server in servers]
    labels = [setup.label for setup in SETUPS]
    rows = [
        [f"{clients} client{'s' * (clients > 1)}", *describe_loads(loads, clients)] for clients in CLIENTS
    ]
    rows.append(["memory after load", *memory])
    rows.append(["start-up", *(f"{measure_start_up(setup, url) * 1000:.0f} ms" for setup in SETUPS)])
    yield format_table(["processes x threads", *labels], rows)
    singles = [setup for setup in SETUPS if setup.processes == 1]
    header = ["1 process", *(f"{setup.server} {version(setup.server)}" for setup in singles)]
    yield format_table(
        header,
        [[name, *(run_probe(probe, setup, url) for setup in singles)] for name, probe in PROBES.items()],
    )


def main() -> None:
    """Measure everything and write Markdown to standard output."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/benchmark.db"
        fill_database(url)
        for table in compare(url):
            sys.stdout.write(table + "\n\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
