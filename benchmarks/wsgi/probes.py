"""What a WSGI server does with awkward requests and with a stop in the middle of one."""

import json
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Thread

import psutil

RAW_PATH = "/echo/a%2Fb%20c/d+e"
LARGE = 8


@dataclass
class Running:
    """A started server: its process, its port and how long it took to answer first, in seconds."""

    process: psutil.Popen
    port: int
    started_in: float

    def memory(self) -> float:
        """Resident memory of the process and everything below it, in MB (1,000,000 bytes)."""
        tree = [self.process, *self.process.children(recursive=True)]
        return float(sum(process.memory_info().rss for process in tree)) / 1e6


def exchange(port: int, request: bytes, timeout: float = 15) -> bytes:
    """Send one request on a connection of its own; returns all bytes until the server closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=timeout) as connection:
        connection.sendall(request)
        return read_all(connection)


def read_all(connection: socket.socket) -> bytes:
    """Everything until the other side ends, by closing or by resetting the connection."""
    received = b""
    try:
        while chunk := connection.recv(65536):
            received += chunk
    except ConnectionError:
        pass
    return received


def build_get(target: str, *headers: str) -> bytes:
    """A GET that asks the server to close the connection afterwards."""
    lines = [f"GET {target} HTTP/1.1", "Host: 127.0.0.1", "Connection: close", *headers, "", ""]
    return "\r\n".join(lines).encode()


def ask_environ(running: Running, target: str, *headers: str) -> dict[str, str]:
    """The environ that the app saw for a request, or an empty one when it was refused."""
    head, _, body = exchange(running.port, build_get(target, *headers)).partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        return {}
    environ: dict[str, str] = json.loads(body)["environ"]
    return environ


def find_raw_path(running: Running) -> str:
    """The environ key that holds the path undecoded, so that %2F and / can be told apart."""
    environ = ask_environ(running, RAW_PATH)
    return ", ".join(key for key, value in environ.items() if value == RAW_PATH) or "none"


def check_brackets(running: Running) -> str:
    """Whether literal brackets in a query string arrive as they were sent."""
    query = "q[]a=1&q[][b]=2"
    return "yes" if ask_environ(running, f"/echo/x?{query}").get("QUERY_STRING") == query else "no"


def check_non_ascii(running: Running) -> str:
    """Whether a percent-encoded UTF-8 path arrives as WSGI wants it: its bytes as Latin-1."""
    path = ask_environ(running, "/echo/%C3%A9%E2%82%AC").get("PATH_INFO", "")
    return "yes" if path.encode("latin-1") == "/echo/é€".encode() else f"no: {path!r}"


def check_two_accepts(running: Running) -> str:
    """What the app sees when `Accept` is sent as two header lines."""
    environ = ask_environ(running, "/echo/x", "Accept: application/hal+json", "Accept: text/plain")
    return environ.get("HTTP_ACCEPT", "nothing")


def time_beside_slow_uploads(running: Running) -> str:
    """How long a plain request takes while sixteen clients dawdle over the body of theirs."""
    head = b"POST /echo/x HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\n{"
    dawdlers = [socket.create_connection(("127.0.0.1", running.port)) for _ in range(16)]
    try:
        for dawdler in dawdlers:
            dawdler.sendall(head)
        time.sleep(0.3)
        began = time.perf_counter()
        exchange(running.port, build_get("/echo/x"), timeout=4)
        return f"{(time.perf_counter() - began) * 1000:.0f} ms"
    except TimeoutError:
        return "no answer in 4 s"
    finally:
        for dawdler in dawdlers:
            dawdler.close()


def stop_during(running: Running, ask: Callable[[], bytes], complete: int) -> str:
    """Send SIGTERM 0.4 s into a request; returns whether it was answered and how long stopping took."""
    answers: list[bytes] = []
    asking = Thread(target=lambda: answers.append(ask()))
    asking.start()
    time.sleep(0.4)
    began = time.perf_counter()
    running.process.send_signal(signal.SIGTERM)
    asking.join(timeout=20)
    running.process.wait(timeout=40)
    took = time.perf_counter() - began
    answered = answers[0].startswith(b"HTTP/1.1 200") and len(answers[0]) >= complete
    return f"{'answered' if answered else 'LOST'}, stopped in {took:.1f} s"


def stop_during_slow_request(running: Running) -> str:
    """Stop the server while a request of 1.5 seconds is being worked on."""
    return stop_during(running, lambda: exchange(running.port, build_get("/slow/1500")), 1)


def stop_during_slow_reader(running: Running) -> str:
    """Stop the server while a client has read only the beginning of a large answer."""

    def ask() -> bytes:
        with socket.create_connection(("127.0.0.1", running.port), timeout=15) as connection:
            connection.sendall(build_get(f"/large/{LARGE}"))
            beginning = connection.recv(1000)
            time.sleep(1)
            return beginning + read_all(connection)

    return stop_during(running, ask, LARGE * 1_000_000)
