"""What a declared request, response or message carries, checked and in the engine's notation."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypedDict

from pact.match import AbstractMatcher

from tallystick.consumer.bodies import Body, Form, Payload, form_payload, json_payload, plain_payload
from tallystick.consumer.multipart import Multipart, multipart_payload
from tallystick.consumer.notation import Rules
from tallystick.consumer.values import integration_json, plain_or_matcher, text
from tallystick.errors import DeclarationError

__tracebackhide__ = True

QueryScalar = str | int | float | AbstractMatcher[Any]
Query = Mapping[str, QueryScalar | Sequence[QueryScalar]]
Headers = Mapping[str, str | AbstractMatcher[Any] | Sequence[str]]

HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""A token of RFC 9110, section 5.6.2."""

Pairs = tuple[tuple[str, str], ...]


class Parts(TypedDict, total=False):
    """What a request or a response may carry; of the bodies at most one."""

    json: Any
    body: Body | None
    form: Form | None
    multipart: Multipart | None
    headers: Headers | None


@dataclass(frozen=True)
class Content:
    """What a request or a response carries; a body always has a content type."""

    headers: Pairs = ()
    body: str | bytes | None = None
    content_type: str | None = None
    rules: dict[str, Rules] = field(default_factory=dict)
    is_text: bool = True


def content(
    *,
    json: Any = None,
    body: Body | None = None,
    form: Form | None = None,
    multipart: Multipart | None = None,
    headers: Headers | None = None,
) -> Content:
    """Return the content of a request or response; raises DeclarationError for what a contract cannot hold."""
    pairs = _headers(headers or {})
    payload = _payload(json=json, body=body, form=form, multipart=multipart)
    if payload is None:
        return Content(pairs)
    declared = next((value for name, value in pairs if name.lower() == "content-type"), None)
    if declared is None or declared.startswith("{"):
        # A matcher for the content type stays a header; the body still needs a type of its own.
        return Content(pairs, payload.body, payload.content_type, payload.rules, payload.is_text)
    if json is not None and "json" not in declared.lower():
        raise DeclarationError(f"json= with Content-Type {declared!r}: give the text as body= instead")
    if multipart or (form and not declared.lower().startswith(payload.content_type)):
        raise DeclarationError(
            f"Content-Type {declared!r}: leave it out, form= and multipart= have their own"
        )
    rest = tuple((name, value) for name, value in pairs if name.lower() != "content-type")
    return Content(rest, payload.body, declared, payload.rules, payload.is_text)


def query_pairs(query: Query | None) -> Pairs:
    """Return the parameters in order, a repeated one once for each of its values."""
    return tuple(
        (text(name, "a query name"), _query_value(item, f"query parameter {name!r}"))
        for name, value in (query or {}).items()
        for item in _several(value, f"query parameter {name!r}")
    )


def _payload(
    *, json: Any, body: Body | None, form: Form | None, multipart: Multipart | None
) -> Payload | None:
    given = {"json": json, "body": body, "form": form, "multipart": multipart}
    names = [f"{name}=" for name, value in given.items() if value is not None]
    if len(names) > 1:
        raise DeclarationError(f"give {' or '.join(names)}, not both")
    if json is not None:
        return json_payload(json)
    if form is not None:
        return form_payload(form)
    if multipart is not None:
        return multipart_payload(multipart)
    return None if body is None else plain_payload(body)


def _headers(headers: Headers) -> Pairs:
    names = [text(name, "a header name").lower() for name in headers]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise DeclarationError(f"header {twice!r} is given twice: give a list of its values")
    return tuple(
        (_header_name(name), _header_value(item, name))
        for name, value in headers.items()
        for item in _several(value, f"header {name!r}")
    )


def _header_name(name: str) -> str:
    if not HEADER_NAME.fullmatch(name):
        raise DeclarationError(f"{name!r} is not a header name")
    return name


def _header_value(value: object, name: str) -> str:
    where = f"header {name!r}"
    if isinstance(value, AbstractMatcher):
        return plain_or_matcher(value, where)
    if re.search(r"[\r\n]", text(value, where)):
        raise DeclarationError(f"{where} holds a line break")
    return plain_or_matcher(text(value, where), where)


def _query_value(value: object, where: str) -> str:
    if isinstance(value, str | AbstractMatcher):
        return plain_or_matcher(value, where)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(integration_json(value, where))
    raise DeclarationError(f"{where} is {value!r}: give the text that your client sends")


def _several(value: Any, where: str) -> Sequence[Any]:
    if not isinstance(value, list | tuple):
        return [value]
    if not value:
        raise DeclarationError(f"{where} is an empty list: leave it out")
    return value
