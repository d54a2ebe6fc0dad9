"""Bodies in the engine's notation: JSON, text, bytes, XML, forms and multipart."""

from __future__ import annotations

import json as json_module
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from pact.match import AbstractMatcher

from tallystick.consumer.notation import KIND, Rules, example_of, findable, member, rule_of, settle
from tallystick.consumer.values import integration_json, text
from tallystick.errors import DeclarationError

__tracebackhide__ = True

FORM = "application/x-www-form-urlencoded"
FormValue = str | int | float | AbstractMatcher[Any]
Form = Mapping[str, FormValue | Sequence[str]]


@dataclass(frozen=True)
class Binary:
    """Bytes of which only the kind counts."""

    content_type: str
    example: bytes


Body = str | bytes | Binary | AbstractMatcher[str] | Mapping[str, Any]
"""Text or bytes as they are sent, `content_type(…)`, a matcher of text, or what `pact.xml.body(…)` returns."""


@dataclass(frozen=True)
class Payload:
    """A body, its content type unless the headers say another, and matching rules in addition to its own.

    A body that is a string is in the core's notation. All else are bytes, also what was given as text: the core
    would look for its notation in that, and a form such as `1=2` ends the process.
    """

    body: str | bytes
    content_type: str
    rules: dict[str, Rules] = field(default_factory=dict)
    is_text: bool = True


def content_type(kind: str, example: bytes) -> Binary:
    """Match any file of this content type, which the Pact core recognises by the file's first bytes."""
    if "/" not in text(kind, "a content type") or not example:
        raise DeclarationError(
            f"give a content type and an example: content_type('image/png', …), not {kind!r}"
        )
    return Binary(kind, example)


def json_payload(value: Any) -> Payload:
    """Return a JSON body; raises DeclarationError for what a contract cannot hold."""
    notation, rules = settle(integration_json(value, "json"))
    return Payload(json_module.dumps(notation), "application/json", {"body": rules} if rules else {})


def plain_payload(body: Body) -> Payload:
    """Return a body of any other kind; raises DeclarationError for what a contract cannot hold."""
    if isinstance(body, Binary):
        rule = {"combine": "AND", "matchers": [{"match": "contentType", "value": body.content_type}]}
        return Payload(body.example, body.content_type, {"body": {"$": rule}}, is_text=False)
    if isinstance(body, AbstractMatcher):
        return _matched_text(body)
    if isinstance(body, Mapping):
        if "root" not in body:
            raise DeclarationError(
                "an object as body= is what pact.xml.body(…) returns; JSON is given as json="
            )
        return Payload(json_module.dumps(integration_json(body, "body")), "application/xml")
    if not body:
        raise DeclarationError("an empty body= cannot be told from none in a contract: leave it out")
    if isinstance(body, bytes):
        return Payload(bytes(body), "application/octet-stream", is_text=False)
    return Payload(text(body, "body").encode(), "text/plain")


def form_payload(form: Form) -> Payload:
    """Return the fields of an HTML form; raises DeclarationError for what such a form cannot hold."""
    if not form:
        raise DeclarationError("form= without a field is no body: leave it out")
    fields = {text(name, "a form field"): _field(name, value) for name, value in form.items()}
    rules = {
        findable(member("$", name)): rule_of(value)
        for name, value in fields.items()
        if isinstance(value, dict)
    }
    return Payload(urlencode(example_of(fields), doseq=True).encode(), FORM, {"body": rules} if rules else {})


def _field(name: str, value: FormValue | Sequence[str]) -> Any:
    where = f"form field {name!r}"
    if isinstance(value, list | tuple):
        return [text(item, where) for item in value]
    if not isinstance(value, str | int | float | AbstractMatcher) or isinstance(value, bool):
        raise DeclarationError(f"{where} is {value!r}: give the text that your client sends")
    notation = integration_json(value, where)
    if isinstance(notation, dict) and (KIND not in notation or "pact:generator:type" in notation):
        raise DeclarationError(f"{where} is text with an example, neither null nor from a provider state")
    return notation


def _matched_text(matcher: AbstractMatcher[str]) -> Payload:
    notation = integration_json(matcher, "body")
    example = example_of(notation)
    if not isinstance(example, str) or not example or notation.keys() == {"value"}:
        raise DeclarationError("a matcher as body= matches text, and needs an example of it; JSON is json=")
    return Payload(example.encode(), "text/plain", {"body": {"$": rule_of(notation)}})
