"""Routing on the raw path: a name in a URL may hold any character, an encoded slash too."""

from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from werkzeug.routing import BaseConverter

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class NameConverter(BaseConverter):
    """One path segment that is a name."""

    part_isolating = True

    def to_python(self, value: str) -> str:
        """Return the name."""
        return unquote(value)

    def to_url(self, value: str) -> str:
        """Return the name as one segment (RFC 3986)."""
        return quote(value, safe="")


class RawPath:
    """WSGI middleware that keeps an encoded slash apart from one that separates segments.

    Servers decode PATH_INFO, so `feat%2Fx` would be two segments. Here each segment is decoded by itself, and a
    slash or per cent sign in it is encoded again; the routes' NameConverter takes that back.
    """

    def __init__(self, app: "WSGIApplication") -> None:
        self.app = app

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> "Iterable[bytes]":
        """Pass the request on with its PATH_INFO made from the raw path."""
        raw = environ.get("REQUEST_URI") or environ.get("RAW_URI")
        if raw:
            path = raw.partition("?")[0]
            if "://" in path:
                path = "/" + path.split("://", 1)[1].partition("/")[2]
            environ["PATH_INFO"] = "/".join(_segment(each) for each in path.split("/"))
        return self.app(environ, start_response)


def _segment(raw: str) -> str:
    """Return the decoded segment as WSGI wants it (UTF-8 as latin-1), its slashes and per cent signs encoded."""
    name = unquote(raw).replace("%", "%25").replace("/", "%2F")
    return name.encode().decode("latin-1")
