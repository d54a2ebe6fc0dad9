"""What verifying costs beside pact-python in one run: `python benchmarks/plugin_verification.py [ROUNDS]`.

Both are whole pytest runs on one contract, in turns: raw is one test with one `Verifier` and a bare HTTP server in a
thread, ours is one test for each interaction on a WSGI app in process. A raising state is timed by pytest.
"""

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROUNDS = 5
SIZES = (1, 10, 100, 1000)
OURS = """
import tallystick

def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "application/json")])
    return [b'{"available": 5}']

def test_contracts(contract):
    contract.verify(app)

@tallystick.state("raises")
def raises():
    raise OSError("no room")
"""
RAW = """
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from pact import Verifier

class Handler(BaseHTTPRequestHandler):
    wbufsize = 1 << 16

    def do_GET(self):
        body = b'{"available": 5}'
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass

def test_contracts():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    verifier = Verifier("inventory", "127.0.0.1").add_source("contracts/checkout-inventory.json")
    verifier.add_transport(url=f"http://127.0.0.1:{server.server_port}")
    verifier.verify()
"""


def main() -> None:
    """Print the median seconds of both forms and of their ratios, and what a raising state costs."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "contracts").mkdir()
        (folder / "pytest.ini").write_text("[pytest]\ncontracts_name = inventory\n")
        (folder / "test_ours.py").write_text(OURS)
        (folder / "test_raw.py").write_text(RAW)
        for size in SIZES:
            write_contract(folder, size)
            pairs = [(run(folder, "test_raw.py"), run(folder, "test_ours.py")) for _ in range(rounds)]
            raw, ours = (statistics.median(column) for column in zip(*pairs, strict=True))
            ratio = statistics.median(ours / raw for raw, ours in pairs)
            limit = "1.2" if size <= 100 else "1.0"
            say(
                f"{size:5} interactions  raw {raw:6.2f} s  ours {ours:6.2f} s  {ratio:.2f} times; limit {limit}"
            )
        write_contract(folder, 20, state="raises")
        say(f"a raising state  {time_calls(folder):.0f} ms, the median of 20; the limit is 50 ms")


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def write_contract(folder: Path, size: int, state: str | None = None) -> None:
    """Write a contract with so many interactions, all of which need this state."""
    response = {"status": 200, "body": {"content": {"available": 5}, "contentType": "application/json"}}
    interactions: list[dict[str, Any]] = [
        {
            "type": "Synchronous/HTTP",
            "description": f"ask for number {number}",
            "request": {"method": "GET", "path": f"/stock/{number}"},
            "response": response,
            **({"providerStates": [{"name": state}]} if state else {}),
        }
        for number in range(size)
    ]
    document = {
        "consumer": {"name": "checkout"},
        "provider": {"name": "inventory"},
        "interactions": interactions,
        "metadata": {"pactSpecification": {"version": "4.0"}},
    }
    (folder / "contracts" / "checkout-inventory.json").write_text(json.dumps(document))


def run(folder: Path, suite: str) -> float:
    """Return how many seconds a suite takes that passes."""
    began = time.perf_counter()
    start(folder, suite).check_returncode()
    return time.perf_counter() - began


def time_calls(folder: Path) -> float:
    """Return the median milliseconds of what pytest calls in our suite."""
    output = start(folder, "test_ours.py", "--durations=0", "--durations-min=0").stdout
    return 1000 * statistics.median(
        float(text) for text in re.findall(r"^([\d.]+)s call", output, re.MULTILINE)
    )


def start(folder: Path, suite: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run pytest with no plugins but ours."""
    settings = {"PACT_DO_NOT_TRACK": "true", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tallystick.plugin", suite, *arguments]
    return subprocess.run(  # noqa: S603 - a program of our own
        command, cwd=folder, env=os.environ | settings, capture_output=True, text=True, check=False
    )


if __name__ == "__main__":
    main()
