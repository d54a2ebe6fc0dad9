"""A web server on loopback that answers as a test says, to stand in for what no broker would answer."""

import json
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Thread

import pytest


@dataclass(frozen=True)
class Answer:
    """What the server answers."""

    status: int = 200
    body: str = "{}"
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "application/hal+json"})


@dataclass(frozen=True)
class Asked:
    """A request that the server got."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class ScriptedServer:
    """Gives its answers one after the other, the last one for ever, and remembers what it was asked."""

    url: str = ""
    answers: list[Answer] = field(default_factory=lambda: [Answer()])
    asked: list[Asked] = field(default_factory=list)
    arrival: Condition = field(default_factory=Condition)

    def answer(self, *answers: Answer) -> None:
        """Give these answers from now on."""
        self.answers = list(answers)

    def answer_json(self, body: object, status: int = 200) -> None:
        """Give this document from now on."""
        self.answer(Answer(status, json.dumps(body)))

    def wait_for(self, count: int) -> list[Asked]:
        """Return what was asked, as soon as there are so many requests; fail when they do not come."""
        with self.arrival:
            assert self.arrival.wait_for(lambda: len(self.asked) >= count, timeout=180), self.asked
            return list(self.asked)

    def take(self, asked: Asked) -> Answer:
        """Return the answer to this request."""
        with self.arrival:
            self.asked.append(asked)
            self.arrival.notify_all()
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@pytest.fixture
def closed_url() -> Iterator[str]:
    """A URL at which nothing answers, and nothing will while the test runs."""
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{unheard.getsockname()[1]}"


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    """A web server that answers as the test says."""
    script = ScriptedServer()

    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            asked = Asked(self.command, self.path, dict(self.headers), self.rfile.read(length))
            answer = script.take(asked)
            body = answer.body.encode()
            self.send_response(answer.status)
            for name, value in {**answer.headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = handle_any  # noqa: N815 - http.server looks for these names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server names it
            """Stay quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        script.url = f"http://127.0.0.1:{http.server_port}"
        thread = Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield script
        http.shutdown()
        thread.join()
