"""What an older Pact specification cannot hold, and the engine would drop without a word."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tallystick.consumer.declaration import AsyncMessage, HttpExchange, SyncMessage
from tallystick.errors import DeclarationError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tallystick.consumer.declaration import Declaration

__tracebackhide__ = True


def refuse_beyond(specification: int, declaration: Declaration) -> None:
    """Raise DeclarationError when this Pact specification has no room for something in the declaration.

    Specification 2 knows one provider state without parameters, no messages and no generators: a matcher
    without an example would be recorded, and answered by the mock, as null. Calls came with specification 4.
    """
    if specification < 4 and isinstance(declaration.subject, SyncMessage):
        raise _too_old(specification, declaration, "no message that is answered", "4")
    if specification > 2:
        return
    if isinstance(declaration.subject, AsyncMessage):
        raise _too_old(specification, declaration, "no message", "3 or 4")
    if len(declaration.states) > 1 or any(params for _, params in declaration.states):
        raise _too_old(specification, declaration, "one provider state without parameters", "3 or 4")
    notation = list(_notation(declaration.exchange)) if declaration.exchange else []
    if any("pact:generator:type" in text for text in notation):
        raise DeclarationError(
            f"{declaration.description!r}: under Pact specification 2 each matcher needs an example of its own, "
            "such as match.uuid('…'), and none can come from a provider state; or set contracts_spec to 3 or 4"
        )
    if any('"combine": "OR"' in text for text in notation):
        raise _too_old(specification, declaration, "no null_or(…)", "3 or 4")


def _too_old(specification: int, declaration: Declaration, what: str, newer: str) -> DeclarationError:
    return DeclarationError(
        f"{declaration.description!r}: Pact specification {specification} holds {what}; set contracts_spec to {newer}"
    )


def _notation(exchange: HttpExchange) -> Iterator[str]:
    yield exchange.path
    yield from (value for _, value in exchange.query)
    for content in (exchange.request, exchange.response):
        yield from (value for _, value in content.headers)
        yield content.body if isinstance(content.body, str) else ""
        yield json.dumps(content.rules)
