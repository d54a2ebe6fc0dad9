"""The loopback server through which the verifier reaches an app that runs on the test's own thread."""

from __future__ import annotations

import json
import secrets
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager, suppress
from functools import cache
from http.server import BaseHTTPRequestHandler
from queue import Empty, SimpleQueue
from socketserver import ThreadingTCPServer
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tallystick.provider.exchange import Request, Response

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# The server frames each response itself, so what an app says about the framing of its own does not pass.
FRAMING = frozenset({"connection", "content-length", "keep-alive", "transfer-encoding"})

OVER = Response(410, "Gone", (), b"this verification is over")

Job = tuple[Request, "Future[Response]"]


class Conversation:
    """The requests of one verification, which wait here until the test's thread answers them."""

    def __init__(self, address: str, values: Mapping[str, Any]) -> None:
        self.app_url: str = f"{address}/app"
        self.states_url: str = f"{address}/states"
        self.messages: tuple[int | None, str] = (urlsplit(address).port, f"{urlsplit(address).path}/messages")
        self.values: bytes = json.dumps(values).encode()
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()

    def ask(self, request: Request) -> Response:
        """The app's response to this request; called by the server's threads."""
        answer: Future[Response] = Future()
        self._jobs.put((request, answer))
        try:
            return answer.result()
        except CancelledError:
            return OVER

    def finish(self) -> None:
        """Say that no more requests will come; called by the verifier's thread."""
        self._jobs.put(None)

    def close(self) -> None:
        """Refuse what still waits, so that nothing of an interrupted verification lingers."""
        with suppress(Empty):
            while job := self._jobs.get_nowait():
                job[1].cancel()

    def next_job(self) -> Job | None:
        """The next request and where its response goes, or None when the verification is over.

        A blocking wait cannot be interrupted from the keyboard everywhere, so it is cut into short ones.
        """
        while True:
            try:
                return self._jobs.get(timeout=0.2)
            except Empty:
                continue


class Bridge(ThreadingTCPServer):
    """One server on 127.0.0.1 for the whole process; each verification has its own path on it."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.conversations: dict[str, Conversation] = {}
        Thread(target=self.serve_forever, name="tallystick-bridge", daemon=True).start()

    @contextmanager
    def converse(self, values: Mapping[str, Any]) -> Iterator[Conversation]:
        """Open a conversation whose states have set up these values (JSON), for the length of a block."""
        token = secrets.token_hex(8)
        conversation = Conversation(f"http://127.0.0.1:{self.server_address[1]}/{token}", values)
        self.conversations[token] = conversation
        try:
            yield conversation
        finally:
            del self.conversations[token]
            conversation.close()


@cache
def bridge() -> Bridge:
    """This process's bridge, started when it is first needed."""
    return Bridge()


class _Handler(BaseHTTPRequestHandler):
    server: Bridge  # pyright: ignore[reportIncompatibleVariableOverride] - it is what made this handler
    protocol_version = "HTTP/1.1"
    # Headers and body leave in one write: two small ones would wait for each other's acknowledgement.
    wbufsize = 1 << 16

    def __getattr__(self, name: str) -> Any:
        """Serve any method: a contract may use one that no list has."""
        if name.startswith("do_"):
            return self._serve
        raise AttributeError(name)

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        _, _, rest = self.path.partition("/")
        token, _, rest = rest.partition("/")
        conversation = self.server.conversations.get(token)
        if conversation is None:
            self._send(OVER)
        elif rest == "states":
            self._send(Response(200, "OK", (("Content-Type", "application/json"),), conversation.values))
        else:
            target = rest.removeprefix("app").removeprefix("messages")
            target = target if target.startswith("/") else f"/{target}"
            self._send(conversation.ask(Request(self.command, target, tuple(self.headers.items()), body)))

    def _send(self, response: Response) -> None:
        self.send_response_only(response.status, response.reason)
        for name, value in response.headers:
            if name.lower() not in FRAMING:
                self.send_header(name, value)
        bodiless = response.status in {204, 304}
        if not bodiless:
            self.send_header("Content-Length", _length(self.command, response))
        self.end_headers()
        if not bodiless and self.command != "HEAD":
            self.wfile.write(response.body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the base class's
        """Say nothing: the report shows the exchange."""


def _length(method: str, response: Response) -> str:
    declared = (value for name, value in response.headers if name.lower() == "content-length")
    return next(declared, "0") if method == "HEAD" else str(len(response.body))
