"""Messages: the functions that produce them, and how the verifier asks for one."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from tallystick.provider.calling import call
from tallystick.provider.exchange import Request, Response
from tallystick.provider.functions import FunctionError, Functions
from tallystick.secrecy import hide_members

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import ExitStack

    import pytest

    from tallystick.provider.app import Answer
    from tallystick.provider.exchange import Exchange
    from tallystick.provider.functions import Declared, Function
    from tallystick_contracts.interactions import Interaction

__tracebackhide__ = True

MESSAGES = Functions("message", "return {}")

METADATA = "Pact-Message-Metadata"
"""The header in which the core looks for metadata: JSON, in base64."""


@dataclass(frozen=True)
class Message:
    """What a consumer sends to be answered: the request of a synchronous message."""

    body: bytes
    metadata: dict[str, Any]

    @property
    def json(self) -> Any:
        """The body, read as JSON."""
        return json.loads(self.body)


def message(pattern: str) -> Callable[[Function], Function]:
    """Declare a function that produces a message, named by its description or as a regular expression.

    Its parameters are filled as those of a state function; `message` is what a synchronous message answers.
    It returns the contents, or a pair of contents and metadata (a dict): a text or bytes as they are sent,
    anything else as JSON. Raises FunctionError when another function has the same pattern.
    """
    return partial(MESSAGES.declare, pattern)


def producing(interaction: Interaction, request: pytest.FixtureRequest, stack: ExitStack) -> Answer:
    """What gives the verifier this message; raises FunctionError when no function produces it.

    What follows a function's `yield` is left on `stack`.
    """
    params = {name: value for state in interaction.states for name, value in state.params.items()}
    found, groups = MESSAGES.find(interaction.description)

    def produce(asked: Request) -> Response:
        given = {"message": _read(json.loads(asked.body).get("request"))}
        result = call(found, {**params, **groups}, given, request, stack)
        return _response(found, result, str(interaction.content_type))

    return produce


def describe(exchange: Exchange) -> Iterator[tuple[str, str]]:
    """Yield what was asked for (by a synchronous message) and what was sent, each with a title."""
    asked = json.loads(exchange.request.body).get("request")
    if asked:
        yield "request", hide_members(_read(asked).body.decode(errors="replace"))
    if exchange.response is None:
        yield "message", "none: its function raised"
        return
    yield "message", hide_members(exchange.response.body.decode(errors="replace"))
    metadata = dict(exchange.response.headers)[METADATA]
    yield "metadata", hide_members(b64decode(metadata).decode())


def _read(asked: dict[str, Any] | None) -> Message:
    contents: dict[str, Any] = (asked or {}).get("contents") or {}
    content: Any = contents.get("content")
    if contents.get("encoded") in {True, "base64"}:
        body = b64decode(content)
    elif isinstance(content, str) and "json" not in str(contents.get("contentType", "")):
        body = content.encode()
    else:
        body = json.dumps(content).encode()
    return Message(body, dict((asked or {}).get("metadata") or {}))


def _response(found: Declared, result: Any, content_type: str) -> Response:
    """The message as the core wants it; text and bytes say no type, so they are taken to have the contract's."""
    contents, metadata = result if isinstance(result, tuple) and len(result) == 2 else (result, {})
    if contents is None or not isinstance(metadata, dict):
        raise FunctionError(f"{found} must return the message's contents, or a pair of contents and a dict")
    try:
        if isinstance(contents, str | bytes):
            body = contents.encode() if isinstance(contents, str) else contents
        else:
            body, content_type = json.dumps(contents).encode(), "application/json"
        metadata = {"contentType": content_type, **metadata}
        encoded = b64encode(json.dumps(metadata).encode()).decode()
    except (TypeError, ValueError) as error:
        raise FunctionError(f"{found} gave a value that is not JSON: {error}") from None
    headers = (("Content-Type", str(metadata["contentType"])), (METADATA, encoded))
    return Response(200, "OK", headers, body)
