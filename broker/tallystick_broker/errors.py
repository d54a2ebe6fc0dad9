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
    always_documented = False
    """Whether even a client that did not ask for it gets a problem document."""

    def __init__(self, message: str, errors: FieldErrors | Sequence[str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.errors = errors


class Invalid(Problem):
    """What was sent breaks a rule; `errors` names the fields.

    `places` are the same errors with the JSON pointer (RFC 6901) of each, when that is known more exactly.
    """

    kind = "validation-error"
    title = "Validation errors"

    def __init__(
        self, errors: FieldErrors | Sequence[str], places: Sequence[tuple[str, str]] | None = None
    ) -> None:
        super().__init__("; ".join(_sentences(errors)), errors)
        self.places = places


class Malformed(Problem):
    """What was sent can't be read at all."""

    kind = "malformed"


class Unauthenticated(Problem):
    """The request carries no credentials, or wrong ones."""

    status = 401
    kind = "unauthenticated"
    title = "Unauthenticated"


class Forbidden(Problem):
    """The request is not made on behalf of who its credentials belong to."""

    status = 403
    kind = "forbidden"
    title = "Forbidden"


class NotFound(Problem):
    """What the address names does not exist."""

    status = 404
    kind = "not-found"
    title = "Not Found"


class NoAddress(NotFound):
    """The address can't be one of ours, whatever exists."""

    always_documented = True


class UnusableName(Problem):
    """The address has a character in it that no name may have."""

    status = 422
    kind = "invalid-request-parameter-value"
    title = "Invalid path segment"
    always_documented = True


class NotAcceptable(Problem):
    """The client takes none of the types that the resource has."""

    status = 406
    kind = "not-acceptable"
    title = "Not Acceptable"


class Conflict(Problem):
    """The request contradicts what is stored."""

    status = 409
    kind = "conflict"
    title = "Conflict"


class UnsupportedMediaType(Problem):
    """The body is of a type that the resource does not take; it takes these."""

    status = 415
    kind = "unsupported-media-type"
    title = "Unsupported Media Type"

    def __init__(self, sent: str, types: Sequence[str]) -> None:
        super().__init__(f"Send the body as {' or '.join(types)}, not {sent or 'without a Content-Type'}.")
        self.types = types


class Unprocessable(Problem):
    """The body is well formed but asks for something that can't be."""

    status = 422
    kind = "unprocessable"
    title = "Unprocessable Content"


def _sentences(errors: FieldErrors | Sequence[str]) -> list[str]:
    if not isinstance(errors, Mapping):
        return list(errors)
    return [f"{field} {text}".strip() for field, texts in errors.items() for text in texts]
