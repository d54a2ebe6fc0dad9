"""Messages as consumers get them."""

from __future__ import annotations

import json as json_module
from typing import TYPE_CHECKING, Any, TypedDict

from tallystick.consumer import engine
from tallystick.consumer.content import content
from tallystick.consumer.declaration import MessageContent
from tallystick.consumer.notation import example_of, settle
from tallystick.consumer.outcome import Outcome
from tallystick.consumer.values import integration_json, text
from tallystick.errors import DeclarationError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tallystick.consumer.bodies import Body
    from tallystick.consumer.declaration import Declaration

__tracebackhide__ = True


class MessageParts(TypedDict, total=False):
    """What a message carries: one body, and metadata, in which matchers may stand for values."""

    json: Any
    body: Body | None
    content_type: str | None
    metadata: Mapping[str, Any] | None


class Message:
    """A message with the examples of its declaration in it; the consumer under test has to be given it."""

    def __init__(self, body: str | bytes, metadata: Mapping[str, Any], label: str = "") -> None:
        """`label` names the interaction, in a message that must be handled."""
        self.metadata: dict[str, Any] = dict(metadata)
        self._body = body
        self._label = label
        self._taken = False

    def __repr__(self) -> str:
        return f"<Message {self._body!r} {self.metadata!r}>"

    @property
    def body(self) -> str | bytes:
        """What the message consists of: text, or bytes if it was declared so."""
        self._taken = True
        return self._body

    @property
    def json(self) -> Any:
        """The JSON document that the message consists of."""
        return json_module.loads(self.body)

    def outcome(self) -> Outcome:
        """Whether anybody looked into it so far."""
        return Outcome(unhandled=() if self._taken else (self._label,))


def delivered(declaration: Declaration, declared: MessageContent) -> Message:
    """Return the message that a declaration, which declares this, is about."""
    body = engine.delivered(declaration)
    return Message(as_declared(body, declared), examples_of(declared), declaration.label)


def as_declared(body: str | bytes, declared: MessageContent) -> str | bytes:
    """Return the body as text, or as bytes if it was declared so."""
    if declared.content.is_text:
        return body if isinstance(body, str) else body.decode()
    return body if isinstance(body, bytes) else body.encode()


def examples_of(declared: MessageContent) -> dict[str, Any]:
    """Return the metadata of a message, among which the Pact core has its content type."""
    examples = {key: example_of(json_module.loads(value)) for key, value in declared.metadata}
    return {"contentType": declared.content.content_type, **examples}


def message_content(
    *,
    json: Any = None,
    body: Body | None = None,
    content_type: str | None = None,
    metadata: Mapping[str, Any] | None = None,
) -> MessageContent:
    """Return what a message carries; raises DeclarationError for what a contract cannot hold."""
    carried = content(json=json, body=body, headers={"Content-Type": content_type} if content_type else None)
    if carried.body is None:
        raise DeclarationError("a message needs contents: give json= or body=")
    return MessageContent(
        carried,
        tuple((text(key, "metadata"), _notation(key, item)) for key, item in (metadata or {}).items()),
    )


def _notation(key: str, value: Any) -> str:
    notation, rules = settle(integration_json(value, f"metadata {key!r}"))
    if rules:
        raise DeclarationError(f"metadata {key!r} can't be null: leave it out")
    return json_module.dumps(notation)
