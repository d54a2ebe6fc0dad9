"""Attempts: a webhook's request made once, and written down as people read it, without its secrets."""

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from tallystick_broker.config import Config
from tallystick_broker.webhooks.door import Answer, Call, Unreachable, send
from tallystick_broker.webhooks.templates import Request, Values, fill, redact

HIDDEN = (
    "Set TALLYSTICK_WEBHOOK_HOSTS to the hosts that webhooks may call to see what they answer: it is hidden otherwise, "
    "so that nobody reads through the broker what only the broker can reach."
)


@dataclass(frozen=True)
class Attempt:
    """A request that was made, with what came back: an answer, or an error that says why there is none."""

    request: Request
    """The request with its values, and without its secrets."""
    answer: Answer | None
    error: str | None
    success: bool
    lines: tuple[str, ...]

    @property
    def logs(self) -> str:
        """What happened, line by line."""
        return "".join(f"{line}\n" for line in self.lines)


def attempt(request: Request, values: Values, config: Config) -> Attempt:
    """Return what came of sending the request once, with these values in it."""
    filled = fill(request, values)
    shown = _redact(request, filled)
    answer, error = None, None
    try:
        answer = send(Call(filled.method.upper(), filled.url, _headers(filled), _text(filled.body)), config)
    except Unreachable as problem:
        error = str(problem)
    success = answer is not None and answer.status in config.webhook_success_codes
    shows = bool(config.webhook_hosts)
    lines = [*_tell_request(shown, values), *_tell_outcome(answer, error, shows=shows)]
    if not shows:
        answer = answer and replace(answer, headers={}, body=HIDDEN)
        error = error and HIDDEN
    return Attempt(shown, answer, error, success, tuple(stamp(level, line) for level, line in lines))


def stamp(level: str, text: str) -> str:
    """Return the text as a line of the log, without characters that a database can't keep."""
    storable = text.encode(errors="replace").decode().replace("\0", "?")
    return f"[{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}] {level}: {storable}"


def _redact(request: Request, filled: Request) -> Request:
    """Return the filled request without what is secret in its definition."""
    hidden = redact(request)
    secret = {name for name, text in hidden.headers.items() if text != request.headers[name]}
    headers = {
        name: hidden.headers[name] if name in secret else text for name, text in filled.headers.items()
    }
    password = hidden.password if hidden.password != request.password else filled.password
    return replace(filled, headers=headers, password=password)


def _headers(request: Request) -> Mapping[str, str]:
    headers = {"user-agent": "Tallystick", **request.headers}
    if isinstance(request.body, dict | list):
        headers = {"content-type": "application/json", **headers}
    if request.username is not None or request.password is not None:
        pair = f"{request.username or ''}:{request.password or ''}"
        headers["authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    return headers


def _text(body: Any) -> str | None:
    return body if body is None or isinstance(body, str) else json.dumps(body)


def _tell_request(request: Request, values: Values) -> Iterator[tuple[str, str]]:
    yield "DEBUG", f"Values for the template {json.dumps(values)}"
    yield "INFO", f"{request.method.upper()} {request.url}"
    yield from (("INFO", f"{name}: {text}") for name, text in request.headers.items())
    if request.body is not None:
        yield "INFO", _text(request.body) or ""


def _tell_outcome(answer: Answer | None, error: str | None, *, shows: bool) -> Iterator[tuple[str, str]]:
    if not shows:
        yield "INFO", HIDDEN
    elif answer is None:
        yield "ERROR", error or ""
    else:
        yield "INFO", f"HTTP {answer.status} {answer.reason}"
        yield from (("INFO", f"{name}: {text}") for name, text in answer.headers.items())
        yield "INFO", answer.body
