"""Passes a request on to a running service."""

from __future__ import annotations

from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import SplitResult, urlsplit

from tallystick.provider.exchange import Request, Response

TIMEOUT = 60.0
"""Seconds that the service has to answer, unless the test says otherwise."""


class Unreachable(Exception):  # noqa: N818 (it says what the service is)
    """The service did not answer; the message names its URL and the reason."""


def call(url: str, seconds: float, request: Request) -> Response:
    """The response of the service at `url`; raises Unreachable when there is none within so many seconds."""
    service = urlsplit(url)
    connection = _connect(service, seconds)
    try:
        _send(connection, service.path.rstrip("/") + request.target, request)
        answer = connection.getresponse()
        body = answer.read()
        return Response(answer.status, answer.reason, tuple(answer.getheaders()), body)
    except (OSError, HTTPException) as error:
        reason = str(error) or type(error).__name__
        raise Unreachable(f"no answer from {url}: {reason}. Is the service running there?") from error
    finally:
        connection.close()


def _connect(service: SplitResult, seconds: float) -> HTTPConnection:
    kind = HTTPSConnection if service.scheme == "https" else HTTPConnection
    return kind(service.hostname or "", service.port, timeout=seconds)


def _send(connection: HTTPConnection, target: str, request: Request) -> None:
    connection.putrequest(request.method, target, skip_accept_encoding=True)
    for name, value in request.headers:
        if name.lower() not in {"host", "connection"}:
            connection.putheader(name, value)
    connection.endheaders(request.body)
