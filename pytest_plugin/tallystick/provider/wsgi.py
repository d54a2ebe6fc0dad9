"""Calls a WSGI app (PEP 3333) with a request, on the caller's own thread."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from tallystick.provider.exchange import Request, Response

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from wsgiref.types import WSGIApplication, WSGIEnvironment

    ExcInfo = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]

__tracebackhide__ = True


def call(app: WSGIApplication, request: Request) -> Response:
    """The app's response to this request; what the app raises goes through."""
    started: list[tuple[str, list[tuple[str, str]]]] = []
    written: list[bytes] = []

    def start_response(
        status: str, headers: list[tuple[str, str]], exc_info: ExcInfo | None = None
    ) -> Callable[[bytes], Any]:
        del exc_info  # It matters to a server that may have sent the headers already.
        started[:] = [(status, headers)]
        return written.append

    chunks = app(_environ(request), start_response)
    try:
        body = b"".join(chunks)
    finally:
        close = getattr(chunks, "close", None)
        if close:
            close()
    if not started:
        raise TypeError(f"{app!r} did not call start_response: is it a WSGI app?")
    (status, headers) = started[0]
    code, _, reason = status.partition(" ")
    return Response(int(code), reason, tuple(headers), b"".join(written) + body)


def _environ(request: Request) -> WSGIEnvironment:
    path, _, query = request.target.partition("?")
    headers = _cgi(request)
    host, _, port = headers.get("HTTP_HOST", "127.0.0.1").partition(":")
    return {
        **headers,
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "REQUEST_URI": request.target,
        "SERVER_NAME": host,
        "SERVER_PORT": port or "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }


def _cgi(request: Request) -> dict[str, str]:
    """The headers under their CGI names (RFC 3875, 4.1); repeated ones are one list (RFC 9110, 5.3)."""
    found: dict[str, str] = {}
    for name, value in request.headers:
        key = name.upper().replace("-", "_")
        key = key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"
        separator = "; " if key == "HTTP_COOKIE" else ", "
        found[key] = f"{found[key]}{separator}{value}" if key in found else value
    return found
