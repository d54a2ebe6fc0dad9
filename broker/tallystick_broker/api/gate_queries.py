"""What the gate's addresses have in common: their queries, and how they refuse what does not exist."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import request

from tallystick_broker.api.queries import Parameters, list_of, parse_query, text_of
from tallystick_broker.api.questions import read_ignored
from tallystick_broker.errors import Invalid
from tallystick_broker.gate.question import Selector
from tallystick_broker.gate.selection import UnknownNames

Errors = dict[str, list[str]]
"""What is wrong with a query, by parameter."""


def query_parameters() -> Parameters:
    """Return the nested parameters of the request's query."""
    return parse_query(request.query_string.decode("utf-8", "replace"))


def read_query(*required: str) -> tuple[Parameters, tuple[Selector, ...], Errors]:
    """Return the query's parameters, what is to be ignored, and what is wrong with both.

    In `ignore` a plain text is the name of a pacticipant.
    """
    parameters = query_parameters()
    errors: Errors = {each: ["is missing"] for each in required if text_of(parameters, each) is None}
    faults: list[str] = []
    ignored = read_ignored(_with_names(parameters), faults)
    return parameters, ignored, errors | ({"ignore": faults} if faults else {})


@contextmanager
def refusing_unknown() -> Iterator[None]:
    """Raise Invalid, by parameter, for names that the gate does not know."""
    try:
        yield
    except UnknownNames as unknown:
        errors = {}
        if unknown.participants:
            names = ", ".join(unknown.participants)
            errors["pacticipant"] = [f"{names} does not match an existing pacticipant"]
        if unknown.environment is not None:
            errors["environment"] = [f"with name '{unknown.environment}' does not exist"]
        raise Invalid(errors) from None


def _with_names(parameters: Parameters) -> Parameters:
    ignored: list[Any] = [
        {"pacticipant": each} if isinstance(each, str) and each else each
        for each in list_of(parameters, "ignore")
    ]
    return {"ignore": ignored}
