"""What can go wrong between this client and a broker; every message says what to do."""
# ruff: noqa: N818 - these names say what happened, as the messages do

from collections.abc import Sequence


class BrokerError(Exception):
    """Why a broker could not be asked, or would not do what it was asked."""


class InvalidInput(BrokerError):
    """The URL, the credentials or a name cannot be used; nothing was sent."""


class BrokerUnreachable(BrokerError):
    """No answer came back: no connection, no trusted certificate, or no answer in time."""


class NotABroker(BrokerError):
    """Something answered, but not as a broker does: a redirect, a web page, a document of another shape."""


class NotAuthorized(BrokerError):
    """The broker does not accept these credentials (401), or does not let them do this (403)."""


class BrokerFailed(BrokerError):
    """The broker could not answer now: too many requests (429) or an error of its own (5xx).

    `status` is the HTTP status.
    """

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class BrokerRefused(BrokerError):
    """The broker understood and said no (another 4xx).

    `status` is the HTTP status, `errors` are the broker's own texts, each with its field's name.
    """

    def __init__(self, message: str, status: int, errors: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.status = status
        self.errors = tuple(errors)


class NotFound(BrokerRefused):
    """The broker does not know what was named (404)."""

    def __init__(self, message: str, errors: Sequence[str] = ()) -> None:
        super().__init__(message, 404, errors)
