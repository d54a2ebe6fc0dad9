"""The HTTP server: waitress on a socket of our own, stopped without losing an answer."""

import errno
import logging
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from waitress import wasyncore
from waitress.server import create_server

from tallystick_broker.errors import StartupError

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

BACKLOG = 1024
CONNECTIONS = 1000
STOP_SECONDS = 8.0
"""How long a stop waits for requests in flight; Docker kills a container ten seconds after SIGTERM."""

POLL_SECONDS = 1.0


def bind(host: str, port: int) -> socket.socket:
    """Return a listening socket; port 0 picks a free port.

    Raises StartupError when the port is in use or the host can't be bound.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        bound = socket.socket(family)
    except (OSError, UnicodeError) as error:
        raise StartupError(f"The host {host} can't be bound: {error}. Choose another --host.") from None
    try:
        _claim(bound)
        bound.bind(address)
        # With SO_REUSEADDR it can be listening, not binding, that finds another server on the port.
        bound.listen(BACKLOG)
    except OSError as error:
        bound.close()
        raise StartupError(_explain(host, port, error)) from None
    return bound


def serve(app: "WSGIApplication", bound: socket.socket, *, threads: int = 8) -> None:
    """Answer requests on a listening socket until SIGTERM or SIGINT; must run in the main thread.

    Prints one line with the address once connections are accepted. When told to stop it accepts nothing more,
    lets the requests in flight be answered and their answers be read, for at most STOP_SECONDS, and returns.
    """
    # Under load some requests always wait for a thread; waitress would warn of each.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    channels: dict[int, Any] = {}
    server: Any = create_server(
        app,
        map=channels,
        sockets=[bound],
        threads=threads,
        backlog=BACKLOG,
        connection_limit=CONNECTIONS,
        ident="tallystick",
        clear_untrusted_proxy_headers=False,  # whether to trust X-Forwarded-* is the app's decision
    )
    with _stop_signals(server) as received:
        print(f"Tallystick is listening on {address_of(bound)}", flush=True)  # noqa: T201 (stdout is data)
        while not received:
            _turn(channels)
        _drain(server, channels)


def address_of(bound: socket.socket) -> str:
    """Return the URL under which a bound socket is reached from this machine."""
    host, port = bound.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _claim(bound: socket.socket) -> None:
    # A port that a stopped server has just left may be taken again. Windows means something else by the same
    # option, sharing a live port, and has one of its own against that.
    if sys.platform == "win32":
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
    else:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)


def _explain(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is in use. Stop what listens there, or choose another --port."
    if error.errno == errno.EACCES:
        return f"Port {port} on {host} may not be bound by this user. Choose a --port above 1023."
    return f"The host {host} can't be bound: {error.strerror}. Choose another --host."


@contextmanager
def _stop_signals(server: Any) -> Iterator[list[int]]:
    # A list, because a second signal may interrupt the handler, which an Event would not survive.
    received: list[int] = []

    def stop(number: int, _frame: object) -> None:
        received.append(number)
        server.pull_trigger()

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _turn(channels: dict[int, Any], *, timeout: float = POLL_SECONDS, count: int = 1) -> None:
    # Polling, unlike select, has no limit on the numbers of files; waitress falls back where there is none.
    wasyncore.loop(timeout=timeout, count=count, map=channels, use_poll=True)


def _drain(server: Any, channels: dict[int, Any]) -> None:
    # Left to itself, waitress would drop what waits for a thread and cut off answers not yet sent. What the
    # kernel still holds came before the stop, too; a turn takes in one connection.
    _turn(channels, timeout=0, count=BACKLOG)
    server.del_channel(channels)
    server.socket.close()
    deadline = time.monotonic() + STOP_SECONDS
    while time.monotonic() < deadline:
        _close_idle(server)
        if not server.active_channels:
            break
        _turn(channels)
    server.task_dispatcher.shutdown(timeout=1)
    wasyncore.close_all(channels)


def _close_idle(server: Any) -> None:
    for channel in list(server.active_channels.values()):
        if not channel.requests and channel.request is None and not channel.total_outbufs_len:
            channel.handle_close()
