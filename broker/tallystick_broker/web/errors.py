"""Errors as pages."""

import json
from http import HTTPStatus
from typing import Any

from flask import Response, make_response, render_template


def as_page(response: Response) -> Response:
    """Return the API's answer to an error as a page that says the same, with the same status and headers."""
    messages = _messages(json.loads(response.get_data() or "{}"))
    title = HTTPStatus(response.status_code).phrase
    page = make_response(render_template("error.html", title=title, messages=messages), response.status_code)
    for name in ("Allow", "WWW-Authenticate"):
        if name in response.headers:
            page.headers[name] = response.headers[name]
    return page


def _messages(body: dict[str, Any]) -> list[str]:
    error, errors = body.get("error") or body.get("detail"), body.get("errors")
    if isinstance(error, dict):
        return [error["message"]]
    if isinstance(errors, dict):
        return [f"{field} {text}" for field, texts in errors.items() for text in texts]
    return errors or [error or "There is nothing more to say about it."]
