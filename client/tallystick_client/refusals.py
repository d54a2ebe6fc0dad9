"""What a broker's error document says, in whichever of its shapes."""

from collections.abc import Iterator


def read_errors(body: object) -> tuple[str, ...]:
    """Return the texts of an error document, each with the name of the field that it is about.

    Brokers answer with `notices`, with `errors` (texts by field, or a list), with `error`, or with a problem
    document (RFC 9457). Anything else has no texts.
    """
    if not isinstance(body, dict):
        return ()
    texts = [*_read_notices(body.get("notices"))] or [*_read_fields(body.get("errors"))]
    if not texts:
        texts = [_read_text(body.get("error")), _read_text(body.get("detail") or body.get("title"))]
    return tuple(dict.fromkeys(filter(None, texts)))


def _read_notices(notices: object) -> Iterator[str]:
    for notice in notices if isinstance(notices, list) else ():
        if isinstance(notice, dict):
            yield _read_text(notice.get("text"))


def _read_fields(errors: object, field: str = "") -> Iterator[str]:
    if isinstance(errors, dict) and isinstance(errors.get("detail"), str):
        yield _name(str(errors.get("pointer") or errors.get("parameter") or field), errors["detail"])
    elif isinstance(errors, dict):
        for key, value in errors.items():
            yield from _read_fields(value, f"{field}.{key}" if field else str(key))
    elif isinstance(errors, list):
        for value in errors:
            yield from _read_fields(value, field)
    elif errors is not None:
        yield _name(field, str(errors))


def _name(field: str, text: str) -> str:
    return f"{field}: {text}" if field else text


def _read_text(value: object) -> str:
    if isinstance(value, dict):
        value = value.get("message")
    return value.strip() if isinstance(value, str) else ""
