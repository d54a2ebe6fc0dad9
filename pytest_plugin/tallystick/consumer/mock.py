"""The mock of a provider that one test uses: what it declares, where it listens, what it saw."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Unpack

from tallystick.consumer import engine
from tallystick.consumer.caller import calling_line
from tallystick.consumer.declaration import Declaration
from tallystick.consumer.desk import Desk, Partner
from tallystick.consumer.interaction import Interaction
from tallystick.consumer.listener import Listener
from tallystick.consumer.outcome import Outcome
from tallystick.consumer.specification import refuse_beyond
from tallystick.errors import DeclarationError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pact import Pact

    from tallystick.consumer.call import Call
    from tallystick.consumer.content import Headers
    from tallystick.consumer.graphql import GraphQL
    from tallystick.consumer.interaction import Path as UrlPath
    from tallystick.consumer.message import Message, MessageParts

__tracebackhide__ = True


class Mock:
    """A provider that answers as the test declares; `tallystick.consumes` makes one for each test."""

    def __init__(self, consumer: str, provider: str, *, specification: int, root: Path) -> None:
        """`specification` is 2, 3 or 4; lines of tests are told from `root`."""
        self.consumer = consumer
        self.provider = provider
        self._specification = specification
        self._root = root
        self._listener = Listener(specification)
        self._declarations: list[Declaration] = []
        self._partners: list[Partner] = []
        self._desk = Desk(self._line, self._finish, self._partners.append)

    def given(self, state: str, params: Mapping[str, Any] | None = None, /, **more: Any) -> Interaction:
        """Begin an interaction with a provider state that must hold before its request."""
        return self._begin().given(state, params, **more)

    def expect(self, description: str) -> Interaction:
        """Begin an interaction that needs no provider state."""
        return self._begin().expect(description)

    def message(self, description: str, /, **parts: Unpack[MessageParts]) -> Message:
        """Declare a message that the provider sends; returns it as the consumer gets it, to be handled."""
        return self._begin().message(description, **parts)

    def request(self, description: str, /, **parts: Unpack[MessageParts]) -> Call:
        """Declare a message that the consumer sends; `.responds(…)` says what it gets, `.send` stands for sending."""
        return self._begin().request(description, **parts)

    def graphql(
        self,
        description: str,
        /,
        *,
        query: str,
        variables: Mapping[str, Any] | None = None,
        operation: str | None = None,
        path: UrlPath = "/graphql",
        headers: Headers | None = None,
    ) -> GraphQL:
        """Declare a GraphQL request; `.reply(data=…)` completes it."""
        return self._begin().graphql(
            description, query=query, variables=variables, operation=operation, path=path, headers=headers
        )

    @property
    def url(self) -> str:
        """Where the mock listens, such as `http://127.0.0.1:41234`; the first use starts it.

        Raises DeclarationError for two declared requests that it could not tell apart.
        """
        return self._listener.url

    @property
    def pact(self) -> Pact:
        """The `pact.Pact` underneath, for what has no short form here; add to it before `url` is used."""
        return self._listener.pact

    def outcome(self) -> Outcome:
        """What it saw so far."""
        half = tuple(said.label for said in self._declarations if not said.complete)
        partners = (partner.outcome() for partner in self._partners)
        return sum(partners, self._listener.outcome() + Outcome(half_declared=half))

    def documents(self) -> list[dict[str, Any]]:
        """The contracts that the test declared, under the names of its participants; none if it declared none."""
        names = {"consumer": {"name": self.consumer}, "provider": {"name": self.provider}}
        return [document | names for document in (self._listener.document(), *self._messages()) if document]

    def renew(self) -> None:
        """Forget what was declared and seen, and go on listening at the same address."""
        self._declarations.clear()
        self._partners.clear()
        self._listener.renew()

    def close(self) -> None:
        """Stop listening."""
        self._listener.close()

    def _begin(self) -> Interaction:
        declaration = Declaration(where=self._line())
        self._declarations.append(declaration)
        return Interaction(declaration, self._desk)

    def _line(self) -> str:
        return calling_line(self._root)

    def _finish(self, declaration: Declaration) -> None:
        refuse_beyond(self._specification, declaration)
        if self._is_said_again(declaration):
            self._declarations.remove(declaration)
        elif declaration.exchange:
            self._listener.declare(declaration)

    def _is_said_again(self, declaration: Declaration) -> bool:
        for said in self._declarations:
            if said is declaration or not said.complete or said.description != declaration.description:
                continue
            if replace(said, where=declaration.where) == declaration:
                return True
            raise DeclarationError(
                f"{said.description!r} is declared differently at {said.where}: "
                "in one test each interaction needs words of its own"
            )
        return False

    def _messages(self) -> list[dict[str, Any]]:
        """Each in a contract of its own, for the core takes no message beside HTTP."""
        messages = [said for said in self._declarations if said.complete and not said.exchange]
        pacts = [engine.new_pact(self._specification) for _ in messages]
        for pact, said in zip(pacts, messages, strict=True):
            engine.declare(pact, said)
        return [engine.document(pact) for pact in pacts]
