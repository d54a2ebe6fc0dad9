"""Errors as the API tells them: one shape for each kind, and never a stack trace."""

import logging
import re
import secrets
from collections.abc import Iterator, Mapping

from flask import Response, request
from werkzeug.exceptions import HTTPException

from tallystick_broker.api.address import base_url
from tallystick_broker.api.hal import Json, given, reply
from tallystick_broker.errors import (
    Invalid,
    Malformed,
    NotFound,
    Problem,
    Unauthenticated,
    UnsupportedMediaType,
)

PROBLEM_JSON = "application/problem+json"
WITHOUT_BODY = {405, 406, 415}
"""Statuses that say it all; only a problem document is worth a body there."""

AT_INDEX = re.compile(r"\(at index (\d+)\)$")
logger = logging.getLogger(__name__)


def tell(problem: Problem) -> Response:
    """Return the error in the form that the client asked for: problem+json (RFC 9457), or the Pact Broker's."""
    response = _write(problem)
    if isinstance(problem, UnsupportedMediaType):
        # RFC 9110 (15.5.16) and RFC 5789 (3.1) name the headers that say what would be taken.
        header = "Accept-Patch" if request.method == "PATCH" else "Accept"
        response.headers[header] = ", ".join(problem.types)
    if isinstance(problem, Unauthenticated):
        response.headers["WWW-Authenticate"] = 'Basic realm="Restricted area", charset="UTF-8"'
    return response


def tell_http(error: HTTPException) -> Response:
    """Return what the router or Flask refused, in the same forms."""
    response = tell(_as_problem(error))
    for name, value in error.get_headers():
        if name.lower() in {"allow", "retry-after"}:
            response.headers[name] = value
    return response


def tell_unstorable(_: Exception) -> Response:
    """Return that a text has a character which no database keeps: NUL, or half of a surrogate pair."""
    return tell(
        Malformed("A text has a character in it that can't be stored: NUL, or half a surrogate pair.")
    )


def tell_unexpected(error: Exception) -> Response:
    """Return an answer that shows nothing of the inside but a reference, which the log has too."""
    reference = secrets.token_urlsafe(8)
    logger.error("Request failed, reference %s", reference, exc_info=error)
    text = f"An error has occurred. The details have been logged with the reference {reference}"
    if _wants_document():
        return _reply_document(
            {"title": "Server error", "detail": text, "status": 500}, "problems/server-error"
        )
    return reply({"error": {"message": text, "reference": reference}}, 500)


def _as_problem(error: HTTPException) -> Problem:
    if error.code == 404:
        return NotFound(f"There is nothing at {request.path}. What there is begins at {base_url()}.")
    problem = Problem(error.description or error.name)
    problem.status, problem.title = error.code or 500, error.name
    problem.kind = error.name.lower().replace(" ", "-")
    return problem


def _write(problem: Problem) -> Response:
    if problem.always_documented or (_wants_document() and problem.status != 406):
        return _document(problem)
    if problem.status in WITHOUT_BODY:
        return Response(status=problem.status)
    body = {"error": problem.message} if problem.errors is None else {"errors": problem.errors}
    return reply(body, problem.status)


def _wants_document() -> bool:
    return PROBLEM_JSON in request.headers.get("Accept", "").lower()


def _document(problem: Problem) -> Response:
    document: Json = {"title": problem.title, "status": problem.status}
    if problem.errors is None:
        kind = f"problem/{problem.kind}"
        return _reply_document(document | {"detail": problem.message}, kind)
    document |= {"instance": "/", "errors": list(_details(problem))}
    return _reply_document(document, f"problems/{problem.kind}")


def _reply_document(document: Json, kind: str) -> Response:
    response = reply(document | {"type": f"{base_url()}/{kind}"}, document["status"])
    response.content_type = f"{PROBLEM_JSON};charset=utf-8"
    return response


def _details(problem: Problem) -> Iterator[Json]:
    for pointer, text in _places(problem):
        kind = f"{base_url()}/problems/{_kind(text)}"
        yield {"type": kind, "title": "Invalid body parameter", "detail": text} | given(pointer=pointer)


def _places(problem: Problem) -> Iterator[tuple[str | None, str]]:
    """Yield each error with the JSON pointer of what it is about, None when that is the whole request."""
    if isinstance(problem, Invalid) and problem.places is not None:
        yield from problem.places
    elif isinstance(problem.errors, Mapping):
        yield from ((_point(name, text), text) for name, texts in problem.errors.items() for text in texts)
    else:
        yield from ((None, text) for text in problem.errors or ())


def _point(field: str, text: str) -> str:
    element = AT_INDEX.search(text)
    return "/" + field.replace(".", "/") + (f"/{element[1]}" if element else "")


def _kind(text: str) -> str:
    """Return the kind of fault in the Pact Broker's words, which it too takes from the text."""
    if "missing" in text:
        return "missing-body-property"
    return "invalid-body-property-format" if "format" in text else "invalid-body-property-value"
