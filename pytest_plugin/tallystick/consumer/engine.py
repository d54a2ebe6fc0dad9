"""The door to the Pact core: what is declared becomes its contract, and what it writes is read back."""

from __future__ import annotations

import json
import os
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal, TypeVar, assert_never, cast

from tallystick.consumer.declaration import AsyncMessage, HttpExchange, SyncMessage
from tallystick.files import scratch_folder

# The core reports each use to its makers unless it is told not to, once, before it is loaded.
os.environ.setdefault("PACT_DO_NOT_TRACK", "true")

from pact import Pact

if TYPE_CHECKING:
    from pact.interaction import HttpInteraction, Interaction

    from tallystick.consumer.content import Content
    from tallystick.consumer.declaration import Declaration, MessageContent

__tracebackhide__ = True

Part = Literal["Request", "Response"]
AnyInteraction = TypeVar("AnyInteraction", bound="Interaction")

_loaded_by: int | None = None
_writing = Lock()


def new_pact(specification: int) -> Pact:
    """Return an empty contract of Pact specification 2, 3 or 4; raises RuntimeError in a forked process.

    Its participants get their names when it is recorded: the core would use them as a path.
    """
    global _loaded_by  # noqa: PLW0603 - one process, one core
    _loaded_by = _loaded_by or os.getpid()
    if _loaded_by != os.getpid():
        raise RuntimeError(
            "the Pact core was loaded before this process was forked, and its mock server would hang here: "
            "start processes with spawn, use pytest-xdist instead of pytest-forked"
        )
    version = cast("Literal['V2', 'V3', 'V4']", f"V{specification}")
    return Pact("consumer", "provider").with_specification(version)


def declare(pact: Pact, declaration: Declaration) -> None:
    """Put a complete declaration into the contract, which must hold HTTP exchanges alone or one message alone.

    The core would panic on serving a contract in which there is a message too.
    """
    subject = declaration.subject
    if isinstance(subject, HttpExchange):
        _declare_exchange(_with_states(pact.upon_receiving(declaration.description), declaration), subject)
    elif isinstance(subject, AsyncMessage):
        message = _with_states(pact.upon_receiving(declaration.description, "Async"), declaration)
        _carry_message(message, subject.message, "Request")
    elif isinstance(subject, SyncMessage):
        call = _with_states(pact.upon_receiving(declaration.description, "Sync"), declaration)
        _carry_message(call, subject.request, "Request")
        if subject.response:
            _carry_message(call, subject.response, "Response")
    elif subject is not None:
        assert_never(subject)


def document(pact: Pact) -> dict[str, Any]:
    """Return the contract as the core writes it, which it can do into a file alone."""
    with _writing:
        pact.write_file(scratch_folder(), overwrite=True)
        text = (scratch_folder() / "consumer-provider.json").read_text(encoding="utf-8")
    written: dict[str, Any] = json.loads(text)
    return written


def delivered(declaration: Declaration) -> str | bytes:
    """Return the body of an asynchronous message as the core generates it from its examples."""
    bodies: list[str | bytes] = []
    pact = new_pact(4)
    declare(pact, declaration)
    # What the core hands out is the core's, and gone when the handler returns.
    pact.verify(lambda body, _: bodies.append(body if isinstance(body, bytes) else str(body)), "Async")
    return bodies[0]


def _with_states(interaction: AnyInteraction, declaration: Declaration) -> AnyInteraction:
    for state, params in declaration.states:
        interaction.given(state, params)
    return interaction


def _declare_exchange(interaction: HttpInteraction, exchange: HttpExchange) -> None:
    interaction.with_request(exchange.method, exchange.path)
    for name, value in exchange.query:
        interaction.with_query_parameter(name, value)
    _carry(interaction, exchange.request, "Request")
    interaction.will_respond_with(exchange.status)
    _carry(interaction, exchange.response, "Response")


def _carry(interaction: HttpInteraction, content: Content, part: Part) -> None:
    for name, value in content.headers:
        interaction.with_header(name, value, part)
    _carry_body(interaction, content, part)


def _carry_message(interaction: Interaction, message: MessageContent, part: Part) -> None:
    _carry_body(interaction, message.content, part)
    for name, value in message.metadata:
        interaction.set_metadata({name: value}, part)


def _carry_body(interaction: Interaction, content: Content, part: Part) -> None:
    if isinstance(content.body, bytes):
        interaction.with_binary_body(content.body, content.content_type, part)
    elif content.body is not None:
        interaction.with_body(content.body, content.content_type, part)
    if content.rules:
        interaction.with_matching_rules(content.rules, part)
