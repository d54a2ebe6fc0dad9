"""GraphQL requests: documents that mean the same match, and those that do not are shown side by side."""

from __future__ import annotations

import difflib
import re
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from tallystick.consumer.matchers import regex
from tallystick.errors import DeclarationError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from types import ModuleType

    from graphql import Token
    from pact.match import AbstractMatcher

    from tallystick.consumer.content import Headers
    from tallystick.consumer.interaction import Interaction

__tracebackhide__ = True

IGNORED = r"(?:[\s,\uFEFF]|#[^\n\r]*(?:[\n\r]|$))"
"""What has no meaning between tokens (GraphQL specification, section 2.1.7)."""


class GraphQL:
    """A declared GraphQL request; `reply` completes it."""

    def __init__(self, interaction: Interaction, query: str) -> None:
        self._interaction = interaction
        self._query = query

    @cached_property
    def pattern(self) -> AbstractMatcher[str]:
        """The matcher of every layout of the document; raises DeclarationError for one that is not GraphQL."""
        return regex(layouts_of(self._query), self._query)

    def reply(
        self,
        *,
        data: Any = None,
        errors: Sequence[Any] | None = None,
        extensions: Mapping[str, Any] | None = None,
        status: int = 200,
        headers: Headers | None = None,
    ) -> None:
        """Declare the response, in which matchers may stand for values."""
        members = {"data": data, "errors": errors, "extensions": extensions}
        body = {name: value for name, value in members.items() if value is not None}
        if not body:
            raise DeclarationError("a GraphQL reply has data=, errors= or both")
        self._interaction.reply(status, json=body, headers=headers)


def layouts_of(document: str) -> str:
    """Return the regular expression that finds this document in whatever layout; raises DeclarationError."""
    try:
        _library().parse(document)
        tokens = list(_tokens(document))
    except _library().GraphQLError as error:
        raise DeclarationError(f"this is not a GraphQL document: {error.message}") from None
    pieces = [re.escape(document[tokens[0].start : tokens[0].end])]
    for before, token in pairwise(tokens):
        apart = "+" if _is_word(before) and _is_word(token) else "*"
        pieces.append(f"{IGNORED}{apart}{re.escape(document[token.start : token.end])}")
    return f"^{IGNORED}*{''.join(pieces)}{IGNORED}*$"


def difference(declared: str, sent: str) -> list[str]:
    """Return how what was sent differs from what was declared, line by line, both in the same layout."""
    graphql = _library()
    try:
        other = graphql.print_ast(graphql.parse(sent))
    except graphql.GraphQLError as error:
        return [f"it is not a GraphQL document: {error.message}"]
    lines = difflib.ndiff(graphql.print_ast(graphql.parse(declared)).splitlines(), other.splitlines())
    return [line for line in lines if not line.startswith("?")]


def _tokens(document: str) -> Iterator[Token]:
    graphql = _library()
    lexer = graphql.Lexer(graphql.Source(document))
    while (token := lexer.advance()).kind is not graphql.TokenKind.EOF:
        yield token


def _is_word(token: Token) -> bool:
    return token.kind.name in {"NAME", "INT", "FLOAT"}


def _library() -> ModuleType:
    try:
        import graphql
    except ImportError:
        raise DeclarationError(
            "GraphQL requests need graphql-core: pip install 'tallystick[graphql]'"
        ) from None
    return graphql
