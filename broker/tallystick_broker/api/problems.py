"""Errors as the API tells them: one shape for each kind, and never a stack trace."""

import logging
import secrets
from collections.abc import Iterator, Mapping, Sequence

from flask import Response, request
from werkzeug.exceptions import HTTPException

from tallystick_broker.api.hal import Json, base_url, given, reply
from tallystick_broker.errors import FieldErrors, Malformed, Problem

PROBLEM_JSON = "application/problem+json"
logger = logging.getLogger(__name__)


def tell(problem: Problem) -> Response:
    """Return the error in the form that the client asked for: problem+json (RFC 9457), or the Pact Broker's."""
    if PROBLEM_JSON in request.headers.get("Accept", ""):
        response = reply(_document(problem), problem.status)
        response.content_type = f"{PROBLEM_JSON};charset=utf-8"
        return response
    body = {"error": problem.message} if problem.errors is None else {"errors": problem.errors}
    return reply(body, problem.status)


def tell_http(error: HTTPException) -> Response:
    """Return what the router or Flask refused, as JSON."""
    response = reply({"error": error.description or error.name}, error.code or 500)
    for name, value in error.get_headers():
        if name.lower() in {"allow", "www-authenticate"}:
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
    return reply({"error": {"message": text, "reference": reference}}, 500)


def _document(problem: Problem) -> Json:
    document = {
        "title": problem.title,
        "type": f"{base_url()}/problems/{problem.kind}",
        "status": problem.status,
    }
    if problem.errors is None:
        return document | {"detail": problem.message}
    return document | {"instance": "/", "errors": list(_details(problem.errors))}


def _details(errors: FieldErrors | Sequence[str]) -> Iterator[Json]:
    fields = list(errors.items()) if isinstance(errors, Mapping) else [(None, errors)]
    for field, texts in fields:
        pointer = None if field is None else "/" + field.replace(".", "/")
        for text in texts:
            kind = f"{base_url()}/problems/{_kind(text)}"
            yield {"type": kind, "title": "Invalid body parameter", "detail": text} | given(pointer=pointer)


def _kind(text: str) -> str:
    """Return the kind of fault in the Pact Broker's words, which it too takes from the text."""
    if "missing" in text:
        return "missing-body-property"
    return "invalid-body-property-format" if "format" in text else "invalid-body-property-value"
