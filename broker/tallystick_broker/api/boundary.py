"""The request boundary: a view gets a session; what it did is committed once, or not at all."""

from collections.abc import Callable
from functools import cache, partial, update_wrapper
from typing import Any

from flask import Blueprint, Response, current_app, request
from sqlalchemy.orm import Session, sessionmaker

from tallystick_broker.api.bodies import refuse_broken_body
from tallystick_broker.api.negotiation import settle
from tallystick_broker.db import read, write

View = Callable[..., Response]
READING = {"GET", "HEAD", "OPTIONS"}


def route(blueprint: Blueprint, rule: str, *methods: str, reads: bool = False) -> Callable[[View], View]:
    """Return a decorator that serves a view at this rule; the view's first argument is a session.

    A view that writes runs in one transaction, and again when a concurrent one was quicker, so it must do
    nothing but database work. `reads` says that a view only reads whatever its methods are.
    """

    def decorate(view: View) -> View:
        name = f"{view.__module__.rpartition('.')[2]}_{view.__name__}"
        blueprint.add_url_rule(rule, name, _bind(view, reads), methods=list(methods or ("GET",)))
        return view

    return decorate


@cache
def _bind(view: View, reads: bool) -> View:
    """Return the view without its first argument; the same one for each rule that leads to it."""
    return update_wrapper(partial(_answer, view, reads), view)


def _answer(view: View, reads: bool, **arguments: Any) -> Response:
    if request.method not in READING:
        refuse_broken_body()
    factory: sessionmaker[Session] = current_app.extensions["tallystick"]
    run = read if reads or request.method in READING else write
    # The type is settled inside the transaction, so that a client which takes none of ours changes nothing.
    return run(factory, lambda session: settle(view(session, **arguments)))
