"""The mock server: one contract of the core, served on a port, and what was seen there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pact import error

from tallystick.consumer.outcome import Difference, Expected, Mismatched, Outcome, Unexpected
from tallystick.errors import DeclarationError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pact import Pact

    from tallystick.consumer.declaration import Declaration

__tracebackhide__ = True

HOST = "127.0.0.1"
RAW = "declared on .pact"


class Server:
    """A mock server of one contract, on the loopback address, from its making until `stop`."""

    def __init__(self, pact: Pact, declarations: Sequence[Declaration], port: int = 0) -> None:
        """Start it, on a free port when `port` is 0; raises DeclarationError for requests that look the same."""
        self._server = pact.serve(HOST, port, raises=False, verbose=False)
        self._server.__enter__()
        self.port: int = self._server.port or 0
        try:
            self._expected = _by_request(self._server.mismatches, declarations)
        except DeclarationError:
            self.stop()
            raise

    @property
    def expected(self) -> list[Expected]:
        """The declared requests, in the order of their declaration."""
        return list(self._expected.values())

    def outcome(self) -> Outcome:
        """What it saw so far."""
        found = self._server.mismatches
        never_sent = tuple(
            self._expected[_key(item)] for item in found if isinstance(item, error.MissingRequest)
        )
        came = [item for item in self.expected if item not in never_sent]
        return Outcome(
            mismatched=tuple(
                _mismatched(item, came) for item in found if isinstance(item, error.RequestMismatch)
            ),
            unexpected=tuple(
                Unexpected(item.method, item.path)
                for item in found
                if isinstance(item, error.RequestNotFound)
            ),
            never_sent=never_sent,
        )

    def stop(self) -> None:
        """Close its port."""
        # The core closes it when the last reference goes, which leaving the block does not do by itself.
        self._server.__exit__(None, None, None)
        del self._server


def expected_of(declaration: Declaration) -> Expected:
    """Return the request that an HTTP exchange was declared with."""
    exchange = declaration.exchange
    if exchange is None:
        return Expected("", "", declaration.label)
    return Expected(exchange.method, exchange.example_path, declaration.label, exchange.graphql)


def _by_request(listed: list[error.Mismatch], declarations: Sequence[Declaration]) -> dict[str, Expected]:
    """Before any request has come the core lists all declared ones, in order: that tells which is whose."""
    expected: dict[str, Expected] = {}
    waiting = list(declarations)
    for item in (item for item in listed if isinstance(item, error.MissingRequest)):
        declaration = next((said for said in waiting if _fits(said, item)), None)
        if declaration:
            waiting.remove(declaration)
        one = expected_of(declaration) if declaration else Expected(item.method, item.path, RAW)
        other = expected.setdefault(_key(item), one)
        if other is not one:
            raise DeclarationError(
                f"{other.label} and {one.label} declare the same request, so one mock cannot tell them apart: "
                "give them to different tests"
            )
    return expected


def _fits(declaration: Declaration, item: error.MissingRequest) -> bool:
    expected = expected_of(declaration)
    return (expected.method, expected.path) == (item.method, item.path)


def _key(missing: error.MissingRequest) -> str:
    return json.dumps(missing.request, sort_keys=True)


def _mismatched(found: error.RequestMismatch, came: list[Expected]) -> Mismatched:
    candidates = [item for item in came if (item.method, item.path) == (found.method, found.path)]
    differences = dict.fromkeys(_difference(item) for item in found.mismatches)
    return Mismatched(found.method, found.path, tuple(candidates), tuple(differences))


def _difference(item: error.Mismatch) -> Difference:
    declared, sent = (getattr(item, name, None) for name in ("expected", "actual"))
    return Difference(
        place=_place(item),
        declared="" if declared is None else str(declared),
        sent="" if sent is None else str(sent),
        explanation=str(item).partition(": ")[2],
    )


def _place(item: error.Mismatch) -> str:
    kind = item.type.removesuffix("Mismatch")
    named = {"Query": "parameter", "Header": "key", "Body": "path"}.get(kind)
    return f"{kind.lower()} {getattr(item, named)}" if named else kind
