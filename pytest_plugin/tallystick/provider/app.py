"""Turns what a test passes to `contract.verify` into something that answers requests."""

from __future__ import annotations

import inspect
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from tallystick.provider import proxy, wsgi

if TYPE_CHECKING:
    from collections.abc import Callable
    from wsgiref.types import WSGIApplication

    import pytest

    from tallystick.provider.asgi import App as ASGIApplication
    from tallystick.provider.exchange import Request, Response

    Answer = Callable[[Request], Response]
    App = WSGIApplication | ASGIApplication | str

__tracebackhide__ = True


def answering(
    app: App | None, request: pytest.FixtureRequest, seconds: float
) -> AbstractContextManager[Answer]:
    """What gets responses from this WSGI or ASGI app, or from the service at this URL, while it is entered.

    The service has so many seconds for each of them.

    Raises TypeError, which says what to pass instead, for anything else.
    """
    if isinstance(app, str):
        if not app.startswith(("http://", "https://")):
            raise TypeError(f"{app!r} is not the URL of a service: it must start with http:// or https://")
        return nullcontext(partial(proxy.call, app, seconds))
    if not callable(app):
        raise TypeError(
            "contract.verify takes a WSGI app, an ASGI app or the URL of a service, "
            f"not {type(app).__name__} {app!r}"
        )
    if _is_asgi(app):
        from tallystick.provider import asgi, loops

        return asgi.serving(cast("ASGIApplication", app), partial(loops.run, request))
    if not _accepts(app, 2):
        raise TypeError(
            f"{_name(app)} is neither a WSGI app, which is called with (environ, start_response), "
            "nor an ASGI app. A function that makes an app must be called first"
        )
    return nullcontext(partial(wsgi.call, cast("WSGIApplication", app)))


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
