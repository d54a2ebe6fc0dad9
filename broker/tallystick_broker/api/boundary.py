"""The request boundary: a view gets a session; what it did is committed once, or not at all."""

from collections.abc import Callable
from functools import cache, partial, update_wrapper
from typing import Any

from flask import Blueprint, Response, current_app, request
from sqlalchemy.orm import Session, sessionmaker

from tallystick_broker.db import read, write
from tallystick_broker.errors import Malformed

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
    if "%00" in request.environ.get(
        "REQUEST_URI", ""
    ):  # PostgreSQL keeps it in no text, so nothing is named so
        raise Malformed("An address can't have the character NUL (%00) in it.")
    factory: sessionmaker[Session] = current_app.extensions["tallystick"]
    if reads or request.method in READING:
        return read(factory, lambda session: view(session, **arguments))
    return write(factory, lambda session: view(session, **arguments))
