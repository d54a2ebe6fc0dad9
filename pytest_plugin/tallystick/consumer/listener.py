"""Where a mock listens: the contract of its HTTP exchanges, and the server of it once it is started."""

from __future__ import annotations

from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING, Any

from tallystick.consumer import engine
from tallystick.consumer.outcome import Outcome
from tallystick.consumer.server import HOST, Server, expected_of
from tallystick.errors import DeclarationError
from tallystick_contracts.fingerprint import INTERACTION_LISTS

if TYPE_CHECKING:
    from pact import Pact

    from tallystick.consumer.declaration import Declaration
    from tallystick.consumer.outcome import Expected

__tracebackhide__ = True


class Listener:
    """Takes declarations at any time; one that is started keeps its address until it is closed."""

    def __init__(self, specification: int) -> None:
        self._specification = specification
        self._server: Server | None = None
        self._closed: Outcome | None = None
        self._starting = Lock()
        self._begin()

    @property
    def url(self) -> str:
        """Its address; the first use starts it.

        Raises DeclarationError for two declared requests that it could not tell apart.
        """
        # Threads of the test may be the first to ask, all at once.
        with self._starting:
            if self._server is None:
                self._refuse_messages()
                self._server = Server(self._contract, self._declared)
            return f"http://{HOST}:{self._server.port}"

    @property
    def pact(self) -> Pact:
        """The contract, for what others add to it; they have to do so before it is started."""
        self._given_out = True
        return self._contract

    def declare(self, declaration: Declaration) -> None:
        """Answer as declared from now on."""
        self._declared.append(declaration)
        if self._server is None:
            engine.declare(self._contract, declaration)
        elif self._given_out:
            raise DeclarationError("with .pact in use, declare every interaction before .url is used")
        else:
            self._restart(self._server)

    def outcome(self) -> Outcome:
        """What it saw so far."""
        if self._server:
            return self._together(self._server)
        return self._closed or Outcome(never_sent=tuple(map(expected_of, self._declared)))

    def document(self) -> dict[str, Any] | None:
        """The contract, without the names of its participants; None if nothing was declared."""
        if not (self._declared or self._given_out):
            return None
        document = engine.document(self._contract)
        return document if any(document.get(key) for key in INTERACTION_LISTS) else None

    def renew(self) -> None:
        """Forget all that was declared and seen."""
        server = self._server
        self._begin()
        if server:
            server.stop()
            self._server = Server(self._contract, [], server.port)

    def close(self) -> None:
        """Stop listening."""
        if self._server:
            self._closed = self._together(self._server)
            self._server.stop()
            self._server = None

    def _begin(self) -> None:
        self._contract = engine.new_pact(self._specification)
        self._declared: list[Declaration] = []
        self._given_out = False
        self._earlier = Outcome()
        self._closed = None
        self._sent: set[Expected] = set()

    def _refuse_messages(self) -> None:
        messages = (self._contract.interactions(kind) for kind in ("Async", "Sync"))
        if self._given_out and any(map(any, messages)):
            raise DeclarationError(
                "the Pact core can't serve a contract with messages in it: add them with .message(…) and .request(…), "
                "or to a mock of which .url is not used"
            )

    def _restart(self, server: Server) -> None:
        """A server takes no more interactions, so another one takes over its port, and we remember for it."""
        self._earlier = self._together(server)
        server.stop()
        self._contract = engine.new_pact(self._specification)
        for said in self._declared:
            engine.declare(self._contract, said)
        self._server = Server(self._contract, self._declared, server.port)

    def _together(self, server: Server) -> Outcome:
        seen = server.outcome()
        self._sent.update(item for item in server.expected if item not in seen.never_sent)
        never = tuple(item for item in seen.never_sent if item not in self._sent)
        return replace(self._earlier + seen, never_sent=never)
