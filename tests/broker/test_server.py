"""The HTTP server as clients and operators meet it: a real process on a real socket."""

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from typing import IO

import pytest

from tallystick_broker.errors import StartupError
from tallystick_broker.server import address_of, bind

LARGE = 8_000_000

# The app says on standard error when it works on /wait, and answers once it reads a byte.
PROGRAM = f"""
import os
from tallystick_broker.server import bind, serve

def app(environ, start_response):
    body = environ["REQUEST_URI"].encode()
    if body == b"/wait":
        os.write(2, b"working\\n")  # one call: two threads say it at once
        os.read(0, 1)
    if body == b"/large":
        body = b"x" * {LARGE}
    start_response("200 OK", [
        ("Content-Length", str(len(body))),
        ("X-Seen", environ.get("HTTP_X_FORWARDED_HOST", "") + environ.get("HTTP_ACCEPT", "")),
    ])
    return [body]

serve(app, bind("127.0.0.1", 0), threads=2)
"""


@pytest.fixture
def server() -> Iterator[subprocess.Popen[str]]:
    """A running server; killed when the test leaves it running."""
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        process.kill()


def opened(stream: IO[str] | None) -> IO[str]:
    """A stream of the process that was asked for."""
    assert stream is not None
    return stream


def read_port(server: subprocess.Popen[str]) -> int:
    """The port that the server prints once it accepts connections."""
    line = opened(server.stdout).readline()
    found = re.fullmatch(r"Tallystick is listening on http://127\.0\.0\.1:(\d+)\n", line)
    assert found, line
    return int(found[1])


def ask(port: int, target: str, *headers: str) -> socket.socket:
    """A connection on which a GET has been sent."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=30)
    lines = [f"GET {target} HTTP/1.1", "Host: x", *headers, "", ""]
    connection.sendall("\r\n".join(lines).encode())
    return connection


def read_answer(connection: socket.socket) -> tuple[str, bytes]:
    """The head and the body of the one answer on a connection."""
    received = b""
    while b"\r\n\r\n" not in received:
        received += receive(connection)
    head, _, body = received.partition(b"\r\n\r\n")
    length = re.search(rb"Content-Length: (\d+)", head)
    assert length, head
    while len(body) < int(length[1]):
        body += receive(connection)
    return head.decode(), body


def receive(connection: socket.socket) -> bytes:
    """The next bytes of an answer that is not complete yet."""
    chunk = connection.recv(65536)
    assert chunk, "the connection was closed before the answer was complete"
    return chunk


def stop_accepting(server: subprocess.Popen[str], port: int) -> None:
    """Send SIGTERM and return once the server accepts no more connections."""
    server.send_signal(signal.SIGTERM)
    for _ in range(1_000_000):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=30).close()
        except ConnectionRefusedError:
            return
        except ConnectionResetError:
            continue  # it was still in the queue of the socket that is now closed
    pytest.fail("the server went on accepting")


def test_says_where_it_listens_once_it_answers(server: subprocess.Popen[str]) -> None:
    """Port 0 picks a free port, and the printed address can be asked at once."""
    with ask(read_port(server), "/") as connection:
        assert read_answer(connection)[1] == b"/"


@pytest.mark.parametrize("target", ["/a%2Fb%20c/d+e", "/%C3%A9", "/m?q[]=1&q[][x]=2", "/m?", "//a"])
def test_hands_on_the_target_as_it_was_sent(server: subprocess.Popen[str], target: str) -> None:
    """Paths are routed undecoded, so REQUEST_URI is what the client wrote, byte for byte."""
    with ask(read_port(server), target) as connection:
        assert read_answer(connection)[1] == target.encode()


def test_folds_header_lines_of_one_name(server: subprocess.Popen[str]) -> None:
    """Two Accept lines are one list (RFC 9110, 5.3)."""
    with ask(read_port(server), "/", "Accept: a/b", "Accept: c/d") as connection:
        assert "X-Seen: a/b, c/d" in read_answer(connection)[0]


def test_leaves_forwarded_headers_to_the_app(server: subprocess.Popen[str]) -> None:
    """X-Forwarded-Host arrives, because the app derives links from it when it is told to."""
    with ask(read_port(server), "/", "X-Forwarded-Host: broker.example") as connection:
        assert "X-Seen: broker.example" in read_answer(connection)[0]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stops_when_told(server: subprocess.Popen[str], number: signal.Signals) -> None:
    """SIGTERM and Ctrl-C end the server with exit code 0, and a kept-alive connection does not hold it up."""
    with ask(read_port(server), "/") as connection:
        read_answer(connection)
        server.send_signal(number)
        assert connection.recv(1) == b""
    assert server.wait(timeout=30) == 0
    assert opened(server.stderr).read() == ""


def test_answers_a_request_in_flight_before_stopping(server: subprocess.Popen[str]) -> None:
    """A request that was being worked on when SIGTERM came is answered; no other is accepted."""
    port = read_port(server)
    with ask(port, "/wait") as connection:
        assert opened(server.stderr).readline() == "working\n"
        stop_accepting(server, port)
        print(file=opened(server.stdin), flush=True)
        assert read_answer(connection)[1] == b"/wait"
    assert server.wait(timeout=30) == 0


def test_answers_a_request_that_waits_for_a_thread_before_stopping(server: subprocess.Popen[str]) -> None:
    """Requests received before SIGTERM are answered even when every thread was busy then."""
    port = read_port(server)
    with ExitStack() as stack:
        connections = [stack.enter_context(ask(port, "/wait")) for _ in range(3)]
        for _ in range(2):
            assert opened(server.stderr).readline() == "working\n"
        stop_accepting(server, port)
        print("\n\n", file=opened(server.stdin), flush=True)
        assert [read_answer(connection)[1] for connection in connections] == [b"/wait"] * 3
    assert server.wait(timeout=30) == 0


def test_sends_a_large_answer_to_its_end_before_stopping(server: subprocess.Popen[str]) -> None:
    """An answer that the client has read only in part when SIGTERM comes arrives whole."""
    port = read_port(server)
    with ask(port, "/large") as connection:
        beginning = connection.recv(4, socket.MSG_PEEK)
        stop_accepting(server, port)
        assert beginning == b"HTTP"
        assert len(read_answer(connection)[1]) == LARGE
    assert server.wait(timeout=30) == 0


def test_refuses_a_port_in_use() -> None:
    """A port that something listens on is not shared, and the message names it."""
    with bind("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with pytest.raises(StartupError, match=f"Port {port} on 127.0.0.1 is in use"):
            bind("127.0.0.1", port)


@pytest.mark.parametrize("host", ["192.0.2.1", "a..b"])
def test_refuses_a_host_that_is_not_here(host: str) -> None:
    """An address of another machine, or no address at all, is told apart from a port in use."""
    with pytest.raises(StartupError, match=f"The host {re.escape(host)} can't be bound"):
        bind(host, 0)


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="this machine has no IPv6")
def test_writes_an_ipv6_address_in_brackets() -> None:
    """The printed address is a URL that can be opened (RFC 3986, 3.2.2)."""
    with bind("::1", 0) as bound:
        assert address_of(bound) == f"http://[::1]:{bound.getsockname()[1]}"
