"""One interaction as a test declares it, step by step."""

from __future__ import annotations

import json as json_module
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypedDict, Unpack
from urllib.parse import quote

from pact.match import AbstractMatcher

from tallystick.consumer.content import Content, Headers, Pairs, Query, content, query_pairs
from tallystick.consumer.values import plain_json, plain_or_matcher, text
from tallystick.errors import DeclarationError

if TYPE_CHECKING:
    from collections.abc import Callable

__tracebackhide__ = True

Path = str | AbstractMatcher[Any]
NOTHING = Content((), None, None)


class RequestParts(TypedDict, total=False):
    """What a request may carry; `json` and `body` exclude each other."""

    json: Any
    body: str | bytes | None
    headers: Headers | None
    query: Query | None


@dataclass
class Declaration:
    """What an interaction says so far; its reply, which comes last, completes it."""

    where: str
    description: str = ""
    states: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    method: str = ""
    path: str = ""
    query: Pairs = ()
    request: Content = NOTHING
    status: int = 0
    response: Content = NOTHING

    @property
    def complete(self) -> bool:
        """Whether it has its reply."""
        return self.status != 0

    @property
    def label(self) -> str:
        """Its words and the line that declared it."""
        return f'"{self.description}"  {self.where}'

    @property
    def example_path(self) -> str:
        """The path without the matcher around it."""
        example = json_module.loads(self.path).get("value") if self.path.startswith("{") else self.path
        return str(example or "any path")


class Interaction:
    """`given` (any number of times), `expect`, a request, `reply`; each step raises DeclarationError if wrong."""

    def __init__(
        self, declaration: Declaration, *, locate: Callable[[], str], finish: Callable[[Declaration], None]
    ) -> None:
        """`locate` tells the line of the test that runs now; `finish` is called with what is complete."""
        self._declaration = declaration
        self._locate = locate
        self._finish = finish

    def given(self, state: str, /, **params: Any) -> Interaction:
        """Add a provider state that must hold before the request; its parameters are plain JSON."""
        if self._declaration.method:
            raise DeclarationError("say .given(…) before the request")
        if not text(state, "a provider state").strip():
            raise DeclarationError("a provider state needs a name")
        self._declaration.states.append((state, plain_json(params, f"given({state!r})")))
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
        self._declaration.where = self._locate()
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

    def request(
        self,
        method: str,
        path: Path,
        *,
        json: Any = None,
        body: str | bytes | None = None,
        headers: Headers | None = None,
        query: Query | None = None,
    ) -> Interaction:
        """Declare the request; the query goes into `query=`, a repeated parameter as a list of its values."""
        said = self._declaration
        if not said.description:
            raise DeclarationError(f'say what is expected, .expect("…"), before the {method} request')
        if said.method:
            raise DeclarationError(f"{said.description!r} already has its {said.method} request")
        said.path, said.query = _path(path), query_pairs(query)
        said.request = content(json=json, body=body, headers=headers)
        said.method = method
        return self

    def reply(
        self,
        status: int,
        *,
        json: Any = None,
        body: str | bytes | None = None,
        headers: Headers | None = None,
    ) -> None:
        """Declare the response, which the mock gives from now on."""
        said = self._declaration
        if not said.method:
            raise DeclarationError("declare the request, such as .get(…), before .reply(…)")
        if said.complete:
            raise DeclarationError(f"{said.description!r} already has its reply")
        if isinstance(status, bool) or not isinstance(status, int) or not 100 <= status <= 599:
            raise DeclarationError(f"{status!r} is not an HTTP status: give a number from 100 to 599")
        said.response = content(json=json, body=body, headers=headers)
        said.status = int(status)
        self._finish(said)


def _path(path: Path) -> str:
    """The path in the engine's notation; it compares paths as they are sent, that is percent-encoded."""
    if isinstance(path, AbstractMatcher):
        return plain_or_matcher(path, "path")
    if not text(path, "path").startswith("/"):
        raise DeclarationError(f"the path {path!r} must begin with '/', and hold no host")
    if found := re.search(r"[?#]", path):
        raise DeclarationError(f"the path {path!r} holds {found[0]!r}: give the query as query=")
    return quote(path, safe="/%:@!$&'()*+,;=-._~")
