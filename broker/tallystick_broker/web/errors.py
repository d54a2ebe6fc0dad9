"""Errors as pages."""

import json
from http import HTTPStatus
from typing import Any

from flask import Response, make_response, render_template

ADVICE = {
    HTTPStatus.BAD_REQUEST: "Go back, change what was asked for, and try again.",
    HTTPStatus.UNAUTHORIZED: "Load the page again, and sign in with a name and a password of this broker.",
    HTTPStatus.FORBIDDEN: "This account may read, but not change anything: use one that may.",
    HTTPStatus.NOT_FOUND: "A name is mistyped, or what it meant was deleted. Look for it with the field at the top.",
    HTTPStatus.CONFLICT: "Somebody was faster: load the page again, and see what is there now.",
}
OTHERWISE = "Try again. If it stays like this, tell who runs the broker; its log knows more."


def as_page(response: Response) -> Response:
    """Return the API's answer to an error as a page that says the same, with the same status and headers."""
    messages = _messages(json.loads(response.get_data() or "{}"))
    status = HTTPStatus(response.status_code)
    text = render_template(
        "error.html", title=status.phrase, messages=messages, advice=ADVICE.get(status, OTHERWISE)
    )
    page = make_response(text, status)
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
