"""One HTTP request and its response, as plain data."""

from __future__ import annotations

from dataclasses import dataclass

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Request:
    """A request as it came in; `target` is its path and query, percent-encoded."""

    method: str
    target: str
    headers: Headers
    body: bytes


@dataclass(frozen=True)
class Response:
    """A response as it goes out."""

    status: int
    reason: str
    headers: Headers
    body: bytes


@dataclass(frozen=True)
class Exchange:
    """A request with what the provider answered; it has no response when the app raised instead.

    `altered` names what the test suite changed about the consumer's request.
    """

    request: Request
    response: Response | None
    altered: tuple[str, ...] = ()
