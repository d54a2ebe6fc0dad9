"""Turns what a test passes to `contract.verify` into something that answers requests."""

from __future__ import annotations

import inspect
from functools import partial
from typing import TYPE_CHECKING, Any

from tallystick.provider import proxy, wsgi

if TYPE_CHECKING:
    from collections.abc import Callable
    from wsgiref.types import WSGIApplication

    from tallystick.provider.exchange import Request, Response

    App = WSGIApplication | str

__tracebackhide__ = True


def answering(app: App) -> Callable[[Request], Response]:
    """The function that gets a response from this WSGI app or from the service at this URL.

    Raises TypeError, which says what to pass instead, for anything else.
    """
    if isinstance(app, str):
        if not app.startswith(("http://", "https://")):
            raise TypeError(f"{app!r} is not the URL of a service: it must start with http:// or https://")
        return partial(proxy.call, app)
    if not callable(app):
        raise TypeError(
            f"contract.verify takes a WSGI app or the URL of a service, not {type(app).__name__} {app!r}"
        )
    if _is_asgi(app):
        raise TypeError(
            f"{_name(app)} is an ASGI app, and only WSGI apps run in process. "
            "Serve it on a port of this machine, for example with uvicorn, and pass that URL"
        )
    if not _accepts(app, 2):
        raise TypeError(
            f"{_name(app)} is not a WSGI app: it cannot be called with (environ, start_response). "
            "A function that makes an app must be called first"
        )
    return partial(wsgi.call, app)


def _is_asgi(app: Callable[..., Any]) -> bool:
    """Whether this is a coroutine function or takes (scope, receive, send), as the ASGI specification has it."""
    asynchronous = inspect.iscoroutinefunction(app) or inspect.iscoroutinefunction(type(app).__call__)
    return asynchronous or (_accepts(app, 3) and not _accepts(app, 2))


def _accepts(app: Callable[..., Any], count: int) -> bool:
    try:
        inspect.signature(app).bind(*range(count))
    except TypeError:
        return False
    except ValueError:  # A callable written in C may not tell its parameters.
        return True
    return True


def _name(app: Callable[..., Any]) -> str:
    return getattr(app, "__qualname__", None) or type(app).__name__
