"""The request boundary: a view gets a session; what it did is committed once, or not at all."""

from collections.abc import Callable, Iterable
from functools import cache, partial, update_wrapper
from typing import Any

from flask import Blueprint, Response, current_app, request
from sqlalchemy.orm import Session, sessionmaker

from tallystick_broker.api.bodies import refuse_broken_body
from tallystick_broker.api.negotiation import settle
from tallystick_broker.api.operations import Answers, Operation, Query, Takes, operations
from tallystick_broker.api.paging import PAGES, asked_page
from tallystick_broker.db import read, write

View = Callable[..., Response]
READING = {"GET", "HEAD", "OPTIONS"}


def route(
    blueprint: Blueprint,
    rule: str,
    method: str = "GET",
    *,
    answers: Answers | None = None,
    takes: Takes | None = None,
    query: Iterable[Query] = (),
    reads: bool = False,
    deprecated: bool = False,
) -> Callable[[View], View]:
    """Return a decorator that serves a view at this rule; the view's first argument is a session.

    A view that writes runs in one transaction, and again when a concurrent one was quicker, so it must do
    nothing but database work. `reads` says that a view only reads whatever its method is. The others describe the
    operation; without `answers` it is none of the API's.
    """

    def decorate(view: View) -> View:
        name = f"{view.__module__.rpartition('.')[2]}_{view.__name__}"
        if answers is not None:
            summary = (view.__doc__ or "").partition("\n")[0]
            place = f"{blueprint.name}.{name}", _join(blueprint.url_prefix or "", rule)
            operations[place] = Operation(method, summary, answers, takes, tuple(query), deprecated)
        blueprint.add_url_rule(rule, name, _bind(view, reads), methods=[method])
        return view

    return decorate


def _join(prefix: str, rule: str) -> str:
    return "/".join([prefix.rstrip("/"), rule.lstrip("/")]) if prefix and rule else prefix or rule


@cache
def _bind(view: View, reads: bool) -> View:
    """Return the view without its first argument; the same one for each rule that leads to it."""
    return update_wrapper(partial(_answer, view, reads), view)


def _answer(view: View, reads: bool, **arguments: Any) -> Response:
    _refuse_early()
    factory: sessionmaker[Session] = current_app.extensions["tallystick"]
    run = read if reads or request.method in READING else write
    # The type is settled inside the transaction, so that a client which takes none of ours changes nothing.
    return run(factory, lambda session: settle(view(session, **arguments)))


def _refuse_early() -> None:
    """Raise what can't be read in the request, whatever its address leads to (the order of the Pact Broker)."""
    if request.method not in READING:
        refuse_broken_body()
    operation = operations.get((request.endpoint or "", str(request.url_rule)))
    if operation is not None and PAGES[0] in operation.query:
        asked_page()
