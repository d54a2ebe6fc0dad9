"""Request bodies: read as JSON, and checked against a schema."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from flask import g, request
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from tallystick_broker.api.operations import JSON, MERGE_PATCH, current_operation
from tallystick_broker.errors import Invalid, Malformed, UnsupportedMediaType
from tallystick_broker.models import MAX_NAME
from tallystick_contracts.documents import DocumentError, read

NAME = {
    "type": "string",
    "pattern": r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$",
    "maxLength": MAX_NAME,
    "format": "unicode",
}
"""The schema of a name: something besides spaces on one line, without control characters."""

Fault = tuple[tuple[str | int, ...], str]
"""Where in a document something is wrong, and what."""

formats = FormatChecker(formats=())
FORMATS = {
    "date": "is not a valid date",
    "unicode": "cannot contain half a surrogate pair",
    "uri": "is not a valid URL eg. http://example.org",
}

KINDS = {
    "array": "a list",
    "boolean": "a boolean",
    "integer": "a whole number",
    "null": "null",
    "object": "an object",
    "string": "a string",
}
"""What is said of each type of JSON."""


def _match(_: Any, pattern: str, instance: object, __: Any) -> Iterator[ValidationError]:
    """Yield that the whole text is not like the pattern: Python's `$` would let a line feed through at the end."""
    if isinstance(instance, str) and not re.fullmatch(pattern, instance):
        yield ValidationError(f"is not like {pattern}")


Validator = extend(Draft202012Validator, {"pattern": _match})  # type: ignore[no-untyped-call] # it has no types


def json_body(*, unchecked: bool = False) -> Any:
    """Return the request's JSON body, which the description of its operation is about.

    Raises UnsupportedMediaType for another type, Malformed for what is not JSON, Invalid for what breaks the
    schema unless it is to stay `unchecked`. An optional body may be empty, which reads as `{}`.
    """
    takes = current_operation().takes
    assert takes is not None  # noqa: S101 (a view that reads a body says so)
    if takes.optional and not request.get_data():
        return {}
    if request.mimetype not in takes.types:
        raise UnsupportedMediaType(request.mimetype, takes.types)
    body = read_body()
    if not unchecked:
        check(body, takes.schema)
    return body


def read_body() -> Any:
    """Return the request's body, which must be a JSON object or list; it is parsed once for each request.

    Raises Malformed when it is not.
    """
    if "body" not in g:
        try:
            g.body = read(request.get_data())
        except DocumentError as error:
            raise Malformed(f"The body is not JSON: {error}") from None
        if not isinstance(g.body, dict | list):
            raise Malformed("The body must be a JSON object.")
    return g.body


def refuse_broken_body() -> None:
    """Raise Malformed when the body claims to be JSON and is not, whatever else may be wrong with the request."""
    if request.mimetype in JSON + MERGE_PATCH and request.get_data():
        read_body()


def check(body: Any, schema: dict[str, Any]) -> None:
    """Raise Invalid, naming each field at fault, unless the body follows the schema."""
    faults = _find_faults(body, schema)
    if faults:
        places = [("".join(f"/{part}" for part in path), text) for path, text in faults]
        raise Invalid(_by_field(faults), places)


def find_errors(body: Any, schema: dict[str, Any]) -> dict[str, list[str]]:
    """Return what is wrong with the body, by field; nothing when it follows the schema."""
    return _by_field(_find_faults(body, schema))


def check_name(name: str, field: str) -> str:
    """Return the name from a path or query; raise Invalid when it is none."""
    check({field: name}, {"properties": {field: NAME}})
    return name


def _find_faults(body: Any, schema: dict[str, Any]) -> list[Fault]:
    """Return what is wrong, and where, in the order in which the schema has its properties."""
    validator = Validator(schema, format_checker=formats)
    errors = sorted(validator.iter_errors(body), key=lambda error: list(map(str, error.absolute_path)))
    order = list(schema.get("properties", ()))
    faults = dict.fromkeys(fault for error in errors for fault in _texts(error))
    return sorted(
        faults, key=lambda fault: order.index(fault[0][0]) if fault[0] and fault[0][0] in order else -1
    )


def _texts(error: ValidationError) -> Iterator[Fault]:
    """Yield where the fault is and what is wrong; a property that is missing is itself the place."""
    path = tuple(error.absolute_path)
    if error.validator == "required":
        present: Any = error.instance
        names: Any = error.validator_value
        yield from (((*path, name), "is missing") for name in names if name not in present)
    else:
        yield path, _message(error)


def _by_field(faults: Iterable[Fault]) -> dict[str, list[str]]:
    """Return the texts by field, as the Pact Broker flattens them."""
    errors: dict[str, list[str]] = defaultdict(list)
    for path, text in faults:
        index = next((position for position, part in enumerate(path) if isinstance(part, int)), len(path))
        field, rest = ".".join(map(str, path[:index])), ".".join(map(str, path[index + 1 :]))
        place = f" (at index {path[index]})" if index < len(path) else ""
        errors[field].append(f"{rest} {text}{place}".strip())
    return dict(errors)


def _message(error: ValidationError) -> str:
    value: Any = error.validator_value
    if error.validator == "type":
        return "must be " + " or ".join(
            KINDS[each] for each in ([value] if isinstance(value, str) else value)
        )
    if error.validator == "pattern":
        return _pattern_message(str(error.instance))
    if error.validator == "enum":
        return f"must be one of: {', '.join(map(str, value))}"
    if error.validator == "const":
        return f"must be {str(value).lower()}"
    if error.validator == "minLength":
        return "can't be blank"
    if error.validator == "maxItems":
        return f"must have at most {value} elements"
    if error.validator == "maxLength":
        return f"must be at most {value} characters long"
    if error.validator == "format":
        return FORMATS[value]
    return str(error.message)


def _pattern_message(text: str) -> str:
    if not text.strip():
        return "can't be blank"
    if "\n" in text or "\r" in text:
        return "cannot contain multiple lines"
    return "cannot contain spaces or control characters"


@formats.checks("unicode", raises=UnicodeEncodeError)
def is_unicode(value: object) -> bool:
    """Return whether the text has no half of a surrogate pair, which JSON can say and no database can store."""
    return not isinstance(value, str) or value.encode() is not None


@formats.checks("date", raises=ValueError)
def is_date(value: object) -> bool:
    """Return whether the text begins with a date (ISO 8601); whatever is no text is another rule's matter."""
    return not isinstance(value, str) or bool(date.fromisoformat(value[:10]))


@formats.checks("uri")
def is_url(value: object) -> bool:
    """Return whether the text is an http or https address; whatever is no text is another rule's matter."""
    return not isinstance(value, str) or value.startswith(("http://", "https://"))
