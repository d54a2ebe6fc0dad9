"""The mock of a provider that one test uses: what it declares, where it listens, what it saw."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tallystick.consumer import engine
from tallystick.consumer.caller import calling_line
from tallystick.consumer.interaction import Declaration, Interaction
from tallystick.consumer.outcome import Expected, Outcome
from tallystick.consumer.specification import refuse_beyond
from tallystick.errors import DeclarationError

if TYPE_CHECKING:
    from pathlib import Path

    from pact import Pact

__tracebackhide__ = True


class Mock:
    """A provider that answers as the test declares; `tallystick.consumes` makes one for each test."""

    def __init__(self, consumer: str, provider: str, *, specification: int, root: Path) -> None:
        """`specification` is 2, 3 or 4; lines of tests are told from `root`."""
        self.consumer = consumer
        self.provider = provider
        self._specification = specification
        self._root = root
        self._declarations: list[Declaration] = []
        self._contract = engine.new_pact(specification)
        self._given_out = False
        self._server: engine.Server | None = None
        self._earlier = Outcome()
        self._sent: set[Expected] = set()

    def given(self, state: str, /, **params: Any) -> Interaction:
        """Begin an interaction with a provider state that must hold before its request."""
        return self._begin().given(state, **params)

    def expect(self, description: str) -> Interaction:
        """Begin an interaction that needs no provider state."""
        return self._begin().expect(description)

    @property
    def url(self) -> str:
        """Where the mock listens, such as `http://127.0.0.1:41234`; the first use starts it.

        Raises DeclarationError for two declared requests that it could not tell apart.
        """
        if self._server is None:
            self._server = engine.Server(self._contract, self._complete())
        return f"http://{engine.HOST}:{self._server.port}"

    @property
    def pact(self) -> Pact:
        """The `pact.Pact` underneath, for what has no short form here; add to it before `url` is used."""
        self._given_out = True
        return self._contract

    def outcome(self) -> Outcome:
        """What it saw so far."""
        half = tuple(said.label for said in self._declarations if not said.complete)
        if self._server:
            return replace(self._together(self._server), half_declared=half)
        never = [Expected(said.method, said.example_path, said.label) for said in self._complete()]
        return Outcome(never_sent=tuple(never), half_declared=half)

    def document(self) -> dict[str, Any] | None:
        """The contract that the test declared, under the names of its participants; None if it declared none."""
        if not (self._declarations or self._given_out):
            return None
        names = {"consumer": {"name": self.consumer}, "provider": {"name": self.provider}}
        document = engine.document(self._contract) | names
        return document if document["interactions"] else None

    def close(self) -> None:
        """Stop listening."""
        if self._server:
            self._server.stop()
            self._server = None

    def _begin(self) -> Interaction:
        declaration = Declaration(where=self._line())
        self._declarations.append(declaration)
        return Interaction(declaration, locate=self._line, finish=self._finish)

    def _line(self) -> str:
        return calling_line(self._root)

    def _complete(self) -> list[Declaration]:
        return [said for said in self._declarations if said.complete]

    def _finish(self, declaration: Declaration) -> None:
        refuse_beyond(self._specification, declaration)
        if self._is_said_again(declaration):
            self._declarations.remove(declaration)
        elif self._server is None:
            engine.declare(self._contract, declaration)
        elif self._given_out:
            raise DeclarationError("with .pact in use, declare every interaction before .url is used")
        else:
            self._restart(self._server)

    def _is_said_again(self, declaration: Declaration) -> bool:
        for said in self._complete():
            if said is declaration or said.description != declaration.description:
                continue
            if replace(said, where=declaration.where) == declaration:
                return True
            raise DeclarationError(
                f"{said.description!r} is declared differently at {said.where}: "
                "in one test each interaction needs words of its own"
            )
        return False

    def _restart(self, server: engine.Server) -> None:
        """A mock that listens takes no more interactions, so another one takes over its port and its memory."""
        self._earlier = self._together(server)
        port = server.port
        self.close()
        self._contract = engine.new_pact(self._specification)
        for said in self._complete():
            engine.declare(self._contract, said)
        self._server = engine.Server(self._contract, self._complete(), port)

    def _together(self, server: engine.Server) -> Outcome:
        seen = server.outcome()
        self._sent.update(item for item in server.expected if item not in seen.never_sent)
        return Outcome(
            mismatched=(*self._earlier.mismatched, *seen.mismatched),
            unexpected=(*self._earlier.unexpected, *seen.unexpected),
            never_sent=tuple(item for item in seen.never_sent if item not in self._sent),
        )
