"""Routing on the raw path: a name in a URL may hold any character, an encoded slash too."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import unquote

from flask import request
from werkzeug.routing import BaseConverter, Rule

from tallystick_broker.errors import Malformed, NoAddress, UnusableName

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


SUFFIXES = {
    ".json": "application/hal+json, application/json;q=0.9",
    ".csv": "text/csv",
    ".svg": "image/svg+xml",
    ".yaml": "application/yaml",
}
"""What a client that writes a suffix accepts (a rule of the Pact Broker)."""

STATIC = "/static/"


class NameConverter(BaseConverter):
    """One path segment that is a name."""

    part_isolating = True

    def to_python(self, value: str) -> str:
        """Return the name."""
        return unquote(value)


class MatchedRule(Rule):
    """A rule that addresses are matched with, and that none is made from: `links` and `address` do that.

    Werkzeug compiles functions that make addresses for each rule, for which a broker would start much later.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., Any]:  # noqa: ARG002 (the base's)
        return _make_none


class RawPath:
    """WSGI middleware that routes on the path as the client wrote it.

    Servers decode PATH_INFO, so `feat%2Fx` would be two segments. Here each segment is decoded by itself, and a
    slash or per cent sign in it is encoded again; the routes' NameConverter takes that back. A slash at the end
    means nothing, and a suffix (see SUFFIXES) stands for an Accept header.
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
            suffix = next((each for each in SUFFIXES if path.endswith(each)), None)
            if suffix and not path.startswith(STATIC):
                path = path.removesuffix(suffix)
                environ["HTTP_ACCEPT"] = SUFFIXES[suffix]
            if not path.endswith("//"):
                path = path.rstrip("/") or "/"
            environ["PATH_INFO"] = "/".join(_segment(each) for each in path.split("/"))
        return self.app(environ, start_response)


def refuse_odd_path() -> None:
    """Raise the error that belongs to an address which can't be meant.

    NoAddress for one with an empty segment, UnusableName for one with a line feed or tab in a name (rules of the
    Pact Broker), Malformed for NUL anywhere, because PostgreSQL keeps it in no text.
    """
    if "//" in request.environ["PATH_INFO"]:  # the request's own path has lost those at its beginning
        raise NoAddress("An address has no empty segment: two slashes are next to each other.")
    if any(character in request.path for character in "\n\r\t"):
        raise UnusableName("A name in an address has no line feed and no tab in it.")
    if "%00" in request.environ.get("REQUEST_URI", ""):
        raise Malformed("An address can't have the character NUL (%00) in it.")


def _make_none(*_: Any, **__: Any) -> NoReturn:
    raise RuntimeError("Write the address with tallystick_broker.web.links or tallystick_broker.api.address.")


def _segment(raw: str) -> str:
    """Return the decoded segment as WSGI wants it (UTF-8 as latin-1), its slashes and per cent signs encoded."""
    name = unquote(raw).replace("%", "%25").replace("/", "%2F")
    return name.encode().decode("latin-1")
