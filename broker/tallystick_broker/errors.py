"""The one family of errors: what a client did wrong, and what keeps the broker from starting."""

from collections.abc import Mapping, Sequence

FieldErrors = Mapping[str, Sequence[str]]


class StartupError(Exception):
    """The broker can't start; the message says what to do."""


class Problem(Exception):  # noqa: N818 (the word of RFC 9457 for an error that an API tells its client)
    """An error that is told to the client; the message says what to do."""

    status = 400
    kind = "bad-request"
    title = "Bad request"

    def __init__(self, message: str, errors: FieldErrors | Sequence[str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.errors = errors


class Invalid(Problem):
    """What was sent breaks a rule; `errors` names the fields."""

    kind = "validation-error"
    title = "Validation errors"

    def __init__(self, errors: FieldErrors | Sequence[str]) -> None:
        super().__init__("; ".join(_sentences(errors)), errors)


class Malformed(Problem):
    """What was sent can't be read at all."""

    kind = "malformed"


class Unauthenticated(Problem):
    """The request carries no credentials, or wrong ones."""

    status = 401
    kind = "unauthenticated"
    title = "Unauthenticated"


class NotFound(Problem):
    """What the address names does not exist."""

    status = 404
    kind = "not-found"
    title = "Not Found"


class Conflict(Problem):
    """The request contradicts what is stored."""

    status = 409
    kind = "conflict"
    title = "Conflict"


class UnsupportedMediaType(Problem):
    """The body is of a type that the resource does not take."""

    status = 415
    kind = "unsupported-media-type"
    title = "Unsupported Media Type"


class Unprocessable(Problem):
    """The body is well formed but asks for something that can't be."""

    status = 422
    kind = "unprocessable"
    title = "Unprocessable Content"


def _sentences(errors: FieldErrors | Sequence[str]) -> list[str]:
    if not isinstance(errors, Mapping):
        return list(errors)
    return [f"{field} {text}".strip() for field, texts in errors.items() for text in texts]
