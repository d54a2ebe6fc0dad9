"""A message that the consumer sends and the answer it gets, as in remote procedure calls."""

from __future__ import annotations

import json as json_module
from dataclasses import replace
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any, Unpack
from urllib.parse import quote, unquote

from tallystick.consumer import engine, server
from tallystick.consumer.content import Content
from tallystick.consumer.declaration import Declaration, HttpExchange, SyncMessage
from tallystick.consumer.message import Message, MessageParts, as_declared, examples_of, message_content
from tallystick.consumer.outcome import Difference, Mismatched, Outcome
from tallystick.errors import DeclarationError, MismatchError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__tracebackhide__ = True

METADATA = "Pact-Message-"
"""Begins the header that stands for a piece of metadata."""


class Call:
    """`responds` completes it; then `send` takes what the consumer sends, and returns what it gets."""

    def __init__(self, declaration: Declaration, finish: Callable[[Declaration], None]) -> None:
        self._declaration = declaration
        self._finish = finish
        self._outcome = Outcome(unsent=(declaration.label,))

    def responds(self, **parts: Unpack[MessageParts]) -> Call:
        """Declare the message that comes back; raises DeclarationError for what a contract cannot hold."""
        said = self._declaration
        if not isinstance(said.subject, SyncMessage) or said.subject.complete:
            raise DeclarationError(f"{said.description!r} already has its response")
        said.subject = replace(said.subject, response=message_content(**parts))
        self._finish(said)
        return self

    def send(self, body: Any, metadata: Mapping[str, str] | None = None) -> Message:
        """Return the declared response to this message: text, bytes, or a value that is sent as JSON.

        Metadata is compared when the declaration has some. Raises MismatchError when the message is not as declared.
        """
        subject = self._declaration.subject
        if not isinstance(subject, SyncMessage) or subject.response is None:
            raise DeclarationError(f"{self._declaration.description!r} has no response yet: say .responds(…)")
        content_type = subject.request.content.content_type or ""
        sent = body if isinstance(body, str | bytes) else json_module.dumps(body)
        headers = {_header(key): value for key, value in (metadata or {}).items()}
        answer, seen = self._ask(subject, sent, headers | {"Content-Type": content_type})
        self._outcome = replace(self._outcome + seen, unsent=())
        if not seen.kept:
            raise MismatchError(f"{self._declaration.label} was sent, but not as declared")
        return Message(as_declared(answer, subject.response), examples_of(subject.response))

    def outcome(self) -> Outcome:
        """Whether it was sent, and as declared."""
        return self._outcome if self._declaration.complete else Outcome()

    def _ask(
        self, subject: SyncMessage, sent: str | bytes, headers: Mapping[str, str]
    ) -> tuple[bytes, Outcome]:
        """The core compares what is sent with a declared request, of HTTP alone: so it is sent over HTTP."""
        pact = engine.new_pact(4)
        declaration = replace(self._declaration, states=[], subject=_as_exchange(subject))
        engine.declare(pact, declaration)
        mock = server.Server(pact, [declaration])
        connection = HTTPConnection(server.HOST, mock.port)
        try:
            connection.request("POST", "/", sent.encode() if isinstance(sent, str) else sent, dict(headers))
            return connection.getresponse().read(), _as_messages(mock.outcome())
        finally:
            connection.close()
            mock.stop()


def _as_exchange(subject: SyncMessage) -> HttpExchange:
    headers = tuple((_header(key), _text(value)) for key, value in subject.request.metadata)
    request = replace(subject.request.content, headers=headers)
    response = subject.response.content if subject.response else Content()
    return HttpExchange("POST", "/", (), request, 200, response)


def _as_messages(outcome: Outcome) -> Outcome:
    return Outcome(mismatched=tuple(_as_message(item) for item in outcome.mismatched))


def _as_message(item: Mismatched) -> Mismatched:
    return replace(item, method="", path="", differences=tuple(map(_renamed, item.differences)))


def _renamed(item: Difference) -> Difference:
    name = item.place.removeprefix(f"header {METADATA}")
    return item if name == item.place else replace(item, place=f"metadata {unquote(name)}", explanation="")


def _header(key: str) -> str:
    return METADATA + quote(key, safe="!#$&'*+.^_`|~")


def _text(notation: str) -> str:
    """Metadata in the notation of headers, in which text stands for itself."""
    value = json_module.loads(notation)
    return value if isinstance(value, str) else notation
