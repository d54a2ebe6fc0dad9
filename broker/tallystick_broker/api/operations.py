"""Operations: what each route takes and answers, told beside the route, and read where requests are read."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import request

from tallystick_broker.api.negotiation import HAL_TYPE, JSON_TYPE
from tallystick_broker.api.shapes import ERROR, PROBLEM, TEXT, Schema

JSON = (JSON_TYPE,)
MERGE_PATCH = ("application/merge-patch+json",)


@dataclass(frozen=True)
class Query:
    """A parameter of the query."""

    name: str
    meaning: str
    schema: Schema = field(default_factory=lambda: TEXT)

    def get(self) -> str | None:
        """Return what the request says; None when it says nothing."""
        return request.args.get(self.name)


@dataclass(frozen=True)
class Takes:
    """The body that a request has."""

    schema: Schema
    types: tuple[str, ...] = JSON
    optional: bool = False


@dataclass(frozen=True)
class Answer:
    """What a status comes with: a body in one of these types, if any."""

    meaning: str
    content: Mapping[str, Schema] = field(default_factory=dict)
    has_location: bool = False


Answers = Mapping[int, Answer]


@dataclass(frozen=True)
class Operation:
    """What can be done at an address with a method."""

    method: str
    summary: str
    answers: Answers
    takes: Takes | None = None
    query: tuple[Query, ...] = ()
    deprecated: bool = False


operations: dict[tuple[str, str], Operation] = {}
"""The operation of each endpoint and rule."""


def current_operation() -> Operation:
    """Return the operation that the request is for."""
    return operations[request.endpoint or "", str(request.url_rule)]


ERRORS: Mapping[str, Schema] = {HAL_TYPE: ERROR, "application/problem+json": PROBLEM}
"""The content of an answer that refuses something."""


def hal(schema: Schema) -> Mapping[str, Schema]:
    """Return the content of an answer that is HAL, and JSON for those who prefer that."""
    return {HAL_TYPE: schema, JSON_TYPE: schema}


def shown(schema: Schema) -> Answers:
    """Return the answers of a route that shows something."""
    return {200: Answer("What was asked for", hal(schema))}


def made(schema: Schema) -> Answers:
    """Return the answers of a route that makes something new."""
    return {201: Answer("It was made", hal(schema), has_location=True)}


def written(schema: Schema) -> Answers:
    """Return the answers of a route that changes something, or makes it."""
    return {200: Answer("It was changed, or is as it was", hal(schema)), **made(schema)}


def shown_as(media_type: str) -> Answers:
    """Return the answers of a route that shows a text in this type."""
    return {200: Answer("What was asked for", {media_type: TEXT})}


CONFLICT: Answers = {409: Answer("It contradicts what is there", ERRORS)}
GONE: Answers = {204: Answer("It was deleted")}
