"""One interaction as a test declares it, step by step."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Unpack, overload
from urllib.parse import quote

from pact.match import AbstractMatcher

from tallystick.consumer.call import Call
from tallystick.consumer.content import Headers, Parts, Query, content, query_pairs
from tallystick.consumer.declaration import AsyncMessage, HttpExchange, SyncMessage
from tallystick.consumer.graphql import GraphQL
from tallystick.consumer.message import MessageParts, delivered, message_content
from tallystick.consumer.values import plain_json, plain_or_matcher, text
from tallystick.errors import DeclarationError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tallystick.consumer.declaration import Declaration
    from tallystick.consumer.desk import Desk
    from tallystick.consumer.message import Message

__tracebackhide__ = True

Path = str | AbstractMatcher[Any]


class RequestParts(Parts, total=False):
    """What a request may carry."""

    query: Query | None


class Interaction:
    """`given` (any number of times), `expect`, a request, `reply`; each step raises DeclarationError if wrong."""

    def __init__(self, declaration: Declaration, desk: Desk) -> None:
        self._declaration = declaration
        self._desk = desk

    def given(self, state: str, params: Mapping[str, Any] | None = None, /, **more: Any) -> Interaction:
        """Add a provider state that must hold before the request; its parameters are plain JSON."""
        if self._declaration.subject:
            raise DeclarationError("say .given(…) before the request")
        if not text(state, "a provider state").strip():
            raise DeclarationError("a provider state needs a name")
        self._declaration.states.append((state, plain_json({**(params or {}), **more}, f"given({state!r})")))
        return self

    def expect(self, description: str) -> Interaction:
        """Say in a few words what is expected; with the states it names the interaction in the contract."""
        if self._declaration.description:
            raise DeclarationError(
                f"this interaction is already {self._declaration.description!r}: "
                "begin the next one with the mock itself"
            )
        if not text(description, "the description").strip():
            raise DeclarationError('an interaction needs a description: .expect("reserve two units")')
        self._declaration.description = description
        self._declaration.where = self._desk.locate()
        return self

    def get(self, path: Path, **parts: Unpack[RequestParts]) -> Interaction:
        """Declare a GET request."""
        return self.request("GET", path, **parts)

    def post(self, path: Path, **parts: Unpack[RequestParts]) -> Interaction:
        """Declare a POST request."""
        return self.request("POST", path, **parts)

    def put(self, path: Path, **parts: Unpack[RequestParts]) -> Interaction:
        """Declare a PUT request."""
        return self.request("PUT", path, **parts)

    def patch(self, path: Path, **parts: Unpack[RequestParts]) -> Interaction:
        """Declare a PATCH request."""
        return self.request("PATCH", path, **parts)

    def delete(self, path: Path, **parts: Unpack[RequestParts]) -> Interaction:
        """Declare a DELETE request."""
        return self.request("DELETE", path, **parts)

    def head(self, path: Path, **parts: Unpack[RequestParts]) -> Interaction:
        """Declare a HEAD request."""
        return self.request("HEAD", path, **parts)

    def options(self, path: Path, **parts: Unpack[RequestParts]) -> Interaction:
        """Declare an OPTIONS request."""
        return self.request("OPTIONS", path, **parts)

    @overload
    def request(self, method: str, path: Path, /, **parts: Unpack[RequestParts]) -> Interaction: ...

    @overload
    def request(self, description: str, /, **parts: Unpack[MessageParts]) -> Call: ...

    def request(self, what: str, path: Path | None = None, /, **parts: Any) -> Interaction | Call:
        """Declare the request, of any HTTP method and with a path, or the message that is sent and answered.

        An HTTP query goes into `query=`, a repeated parameter as a list of its values.
        """
        if path is None:
            declaration = self.expect(what)._declaration
            declaration.subject = SyncMessage(message_content(**parts))
            call = Call(declaration, self._desk.finish)
            self._desk.admit(call)
            return call
        query = query_pairs(parts.pop("query", None))
        return self._exchange(HttpExchange(what, _path(path), query, content(**parts)))

    def reply(self, status: int, **parts: Unpack[Parts]) -> None:
        """Declare the response, which the mock gives from now on."""
        exchange = self._declaration.subject
        if not isinstance(exchange, HttpExchange):
            raise DeclarationError("declare the request, such as .get(…), before .reply(…)")
        if exchange.complete:
            raise DeclarationError(f"{self._declaration.description!r} already has its reply")
        if isinstance(status, bool) or not isinstance(status, int) or not 100 <= status <= 599:
            raise DeclarationError(f"{status!r} is not an HTTP status: give a number from 100 to 599")
        self._declaration.subject = replace(exchange, status=int(status), response=content(**parts))
        self._desk.finish(self._declaration)

    def message(self, description: str, /, **parts: Unpack[MessageParts]) -> Message:
        """Declare a message that the provider sends; returns it as the consumer gets it, to be handled."""
        declaration = self.expect(description)._declaration
        content = message_content(**parts)
        declaration.subject = AsyncMessage(content)
        self._desk.finish(declaration)
        message = delivered(declaration, content)
        self._desk.admit(message)
        return message

    def graphql(
        self,
        description: str,
        /,
        *,
        query: str,
        variables: Mapping[str, Any] | None = None,
        operation: str | None = None,
        path: Path = "/graphql",
        headers: Headers | None = None,
    ) -> GraphQL:
        """Declare a GraphQL request, whose document may be laid out in any way; `.reply(data=…)` completes it.

        `operation` is its `operationName`, for clients that send one. Raises DeclarationError for a document
        that is not GraphQL.
        """
        declared = GraphQL(self.expect(description), query)
        body = {"query": declared.pattern, "variables": variables, "operationName": operation}
        sent = {name: value for name, value in body.items() if value is not None}
        self._exchange(
            HttpExchange("POST", _path(path), (), content(json=sent, headers=headers), graphql=query)
        )
        return declared

    def _exchange(self, exchange: HttpExchange) -> Interaction:
        said = self._declaration
        if not said.description:
            raise DeclarationError(
                f'say what is expected, .expect("…"), before the {exchange.method} request'
            )
        if isinstance(said.subject, HttpExchange):
            raise DeclarationError(f"{said.description!r} already has its {said.subject.method} request")
        said.subject = exchange
        return self


def _path(path: Path) -> str:
    """The path in the engine's notation; it compares paths as they are sent, that is percent-encoded."""
    if isinstance(path, AbstractMatcher):
        return plain_or_matcher(path, "path")
    if not text(path, "path").startswith("/"):
        raise DeclarationError(f"the path {path!r} must begin with '/', and hold no host")
    if found := re.search(r"[?#]", path):
        raise DeclarationError(f"the path {path!r} holds {found[0]!r}: give the query as query=")
    return quote(path, safe="/%:@!$&'()*+,;=-._~")
