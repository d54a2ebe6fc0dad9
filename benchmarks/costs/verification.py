"""What verifying costs beside pact-python in one run.

Both are whole pytest runs on one contract: raw is one test with one `Verifier` and a bare HTTP server in a thread,
ours is one test for each interaction on a WSGI app in process. A raising state is timed by pytest.
"""

import json
import re
import time
from pathlib import Path
from statistics import median
from typing import Any

from costs.runs import OURS as PLUGIN
from costs.runs import compare, run, say

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


def measure(folder: Path, rounds: int) -> None:
    """Print the median seconds of both forms and of their ratios, and what a raising state costs."""
    (folder / "contracts").mkdir()
    (folder / "pytest.ini").write_text("[pytest]\ncontracts_name = inventory\n")
    (folder / "test_ours.py").write_text(OURS)
    (folder / "test_raw.py").write_text(RAW)
    for size in SIZES:
        write_contract(folder, size)
        raw, ours, ratio = compare(
            rounds, lambda: time_run(folder, "test_raw.py"), lambda: time_run(folder, "test_ours.py")
        )
        limit = "1.2" if size <= 100 else "1.0"
        say(f"{size} interactions verified: {ours:.2f} s, raw {raw:.2f} s: {ratio:.2f} times; limit {limit}")
    write_contract(folder, 20, state="raises")
    say(f"a raising state: {time_calls(folder):.0f} ms, the median of 20; limit 50 ms")


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


def time_run(folder: Path, suite: str) -> float:
    """Return how many seconds a suite takes that passes."""
    began = time.perf_counter()
    run(folder, "-m", "pytest", "-q", PLUGIN, suite)
    return time.perf_counter() - began


def time_calls(folder: Path) -> float:
    """Return the median milliseconds of what pytest calls in our suite, whose tests fail as they must."""
    options = ("--durations=0", "--durations-min=0")
    output = run(folder, "-m", "pytest", "-q", PLUGIN, "test_ours.py", *options, code=1)
    return 1000 * median(float(text) for text in re.findall(r"^([\d.]+)s call", output, re.MULTILINE))
