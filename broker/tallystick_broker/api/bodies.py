"""Request bodies: read as JSON, and checked against a schema."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from flask import request
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

from tallystick_broker.errors import Invalid, Malformed, UnsupportedMediaType
from tallystick_broker.models import MAX_NAME
from tallystick_contracts.documents import DocumentError, read

JSON = ("application/json",)
MERGE_PATCH = ("application/merge-patch+json",)

NAME = {
    "type": "string",
    "pattern": r"^[^\x00-\x1f\x7f\ud800-\udfff]*[^\s\x00-\x1f\x7f\ud800-\udfff][^\x00-\x1f\x7f\ud800-\udfff]*$",
    "maxLength": MAX_NAME,
}
"""The schema of a name: something besides spaces on one line, without control characters."""

formats = FormatChecker(formats=())


def json_body(
    schema: dict[str, Any] | None = None, types: Iterable[str] = JSON, *, optional: bool = False
) -> Any:
    """Return the request's JSON body.

    Raises UnsupportedMediaType for another type, Malformed for what is not JSON, Invalid for what breaks the
    schema. An `optional` body may be empty, which reads as `{}`.
    """
    data = request.get_data()
    if not data and optional:
        return {}
    if (request.mimetype or "") not in types:
        raise UnsupportedMediaType(
            f"Send the body as {' or '.join(types)}, not {request.mimetype or 'untyped'}."
        )
    try:
        body = read(data)
    except DocumentError as error:
        raise Malformed(f"The body is not JSON: {error}") from None
    if not isinstance(body, dict | list):
        raise Malformed("The body must be a JSON object.")
    if schema is not None:
        check(body, schema)
    return body


def check(body: Any, schema: dict[str, Any]) -> None:
    """Raise Invalid, naming each field at fault, unless the body follows the schema."""
    errors = find_errors(body, schema)
    if errors:
        raise Invalid(errors)


def find_errors(body: Any, schema: dict[str, Any]) -> dict[str, list[str]]:
    """Return what is wrong with the body, by field; nothing when it follows the schema."""
    validator = Draft202012Validator(schema, format_checker=formats)
    errors: dict[str, list[str]] = defaultdict(list)
    for error in sorted(validator.iter_errors(body), key=lambda error: list(map(str, error.absolute_path))):
        for field, text in _texts(error):
            if text not in errors[field]:
                errors[field].append(text)
    return dict(errors)


def check_name(name: str, field: str) -> str:
    """Return the name from a path or query; raise Invalid when it is none."""
    check({field: name}, {"properties": {field: NAME}})
    return name


def _texts(error: ValidationError) -> Iterator[tuple[str, str]]:
    """Yield the field at fault and what is wrong, as the Pact Broker flattens them."""
    path = list(error.absolute_path)
    value: Any = error.validator_value
    if error.validator == "required":
        present: Any = error.instance
        yield from (_flatten([*path, name], "is missing") for name in value if name not in present)
    else:
        yield _flatten(path, _message(error))


def _flatten(path: list[str | int], text: str) -> tuple[str, str]:
    index = next((position for position, part in enumerate(path) if isinstance(part, int)), None)
    if index is None:
        return ".".join(map(str, path)), text
    field = ".".join(map(str, path[index + 1 :]))
    return ".".join(map(str, path[:index])), f"{field} {text} (at index {path[index]})".strip()


def _message(error: ValidationError) -> str:
    value: Any = error.validator_value
    if error.validator == "type":
        return "must be a " + (" or a ".join(value) if isinstance(value, list) else str(value))
    if error.validator == "pattern":
        return _pattern_message(str(error.instance))
    if error.validator == "enum":
        return f"must be one of: {', '.join(map(str, value))}"
    if error.validator == "const":
        return f"must be {str(value).lower()}"
    if error.validator == "minLength":
        return "can't be blank"
    if error.validator == "maxLength":
        return f"must be at most {value} characters long"
    if error.validator == "format":
        return "is not a valid URL eg. http://example.org" if value == "url" else f"is not a valid {value}"
    return str(error.message)


def _pattern_message(text: str) -> str:
    if not text.strip():
        return "can't be blank"
    if "\n" in text or "\r" in text:
        return "cannot contain multiple lines"
    return "cannot contain spaces, control characters or half a surrogate pair"


@formats.checks("date", raises=ValueError)
def is_date(value: object) -> bool:
    """Return whether the text begins with a date (ISO 8601); whatever is no text is another rule's matter."""
    return not isinstance(value, str) or bool(date.fromisoformat(value[:10]))


@formats.checks("url")
def is_url(value: object) -> bool:
    """Return whether the text is an http or https address; whatever is no text is another rule's matter."""
    return not isinstance(value, str) or value.startswith(("http://", "https://"))
