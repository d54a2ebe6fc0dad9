"""Which clients get a page: the same address answers people with HTML and programs with JSON."""

from typing import TYPE_CHECKING

from werkzeug.routing import Map

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PREFIX = "/%page"
"""Where the pages' routes are. No client can ask for it: in a routed path a per cent sign is always `%25`."""

API_TYPES = (
    *("application/hal+json", "application/problem+json", "application/json", "application/yaml"),
    *("text/csv", "text/plain"),
)


FORM = "application/x-www-form-urlencoded"


def wants_page(method: str, accept: str, sent: str = "") -> bool:
    """Return whether a request is a browser's: it names HTML and none of the API's types, and reads or sends a form."""
    accepted = accept.lower()
    is_browser = "text/html" in accepted and not any(each in accepted for each in API_TYPES)
    return is_browser and (method in {"GET", "HEAD"} or (method == "POST" and sent.startswith(FORM)))


class Pages:
    """WSGI middleware that leads browsers to the page of an address; one without a page is left to the API."""

    def __init__(self, app: "WSGIApplication", routes: Map) -> None:
        self.app = app
        self.routes = routes

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> "Iterable[bytes]":
        """Pass the request on, to the page when there is one."""
        method, sent = environ["REQUEST_METHOD"], environ.get("CONTENT_TYPE", "")
        if wants_page(method, environ.get("HTTP_ACCEPT", ""), sent):
            page = PREFIX + environ["PATH_INFO"]
            if self.routes.bind("").test(page.encode("latin-1").decode("utf-8", "replace"), method):
                environ["PATH_INFO"] = page
        return self.app(environ, start_response)
