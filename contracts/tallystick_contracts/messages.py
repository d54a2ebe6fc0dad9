"""Messages: what goes one way in an interaction, in one shape for all versions of the specification."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any
from urllib.parse import parse_qsl

from tallystick_contracts.documents import compact
from tallystick_contracts.rules import Rules, read_rules

SPECIFICATION_4 = {"content", "contentType", "contentTypeHint", "encoded"}
"""Members of a body in specification 4."""


class Role(StrEnum):
    """What a message is in its interaction."""

    REQUEST = "request"
    RESPONSE = "response"
    MESSAGE = "message"


class Absent:
    """The body of a message that says nothing about its body."""


ABSENT = Absent()
Values = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Message:
    """A request, a response or a message; of HTTP it has method and path, or a status.

    Names of headers are lower case, because that is how they are compared. `encoded` is how a body is written that
    is not text, base64 for instance.
    """

    role: Role
    method: str | None = None
    path: str | None = None
    status: Any = None
    query: Values = field(default_factory=dict)
    headers: Values = field(default_factory=dict)
    metadata: Mapping[str, Any] = field(default_factory=dict)
    body: Any = ABSENT
    content_type: str | None = None
    encoded: str | None = None
    rules: Mapping[str, Rules] = field(default_factory=dict)


def read_messages(interaction: Mapping[str, Any]) -> Iterator[Message]:
    """Yield what goes to and fro in an interaction of any kind, in order; what can't be read is left out."""
    if "contents" in interaction:
        yield _read_content(Role.MESSAGE, interaction, interaction.get("contents"))
    for role in (Role.REQUEST, Role.RESPONSE):
        raw = interaction.get(role)
        for each in raw if isinstance(raw, list) else [raw]:
            if isinstance(each, Mapping):
                yield _read(role, each)


def _read(role: Role, raw: Mapping[str, Any]) -> Message:
    if "contents" in raw:
        return _read_content(role, raw, raw["contents"])
    body, content_type, encoded = _read_body(raw.get("body", ABSENT))
    headers = {name.lower(): values for name, values in _read_values(raw.get("headers")).items()}
    return Message(
        role,
        method=_text(raw.get("method")),
        path=_text(raw.get("path")),
        status=raw.get("status"),
        query=_read_query(raw.get("query")),
        headers=headers,
        body=body,
        content_type=content_type or next(iter(headers.get("content-type", ())), None),
        encoded=encoded,
        rules=_lowered(read_rules(raw)),
    )


def _read_content(role: Role, raw: Mapping[str, Any], contents: Any) -> Message:
    body, content_type, encoded = _read_body(contents)
    said = raw.get("metadata", raw.get("metaData"))
    metadata = said if isinstance(said, Mapping) else {}
    content_type = content_type or _text(metadata.get("contentType"))
    return Message(
        role,
        metadata=metadata,
        body=body,
        content_type=content_type,
        encoded=encoded,
        rules=read_rules(raw),
    )


def _read_body(raw: Any) -> tuple[Any, str | None, str | None]:
    """Return the body, its type and its encoding: in specification 4 they are members of one object."""
    if not isinstance(raw, Mapping) or "content" not in raw or not raw.keys() <= SPECIFICATION_4:
        return raw, None, None
    encoded = raw.get("encoded")
    return raw["content"], _text(raw.get("contentType")), str(encoded) if encoded else None


def _read_query(raw: Any) -> Values:
    if isinstance(raw, str):
        found: dict[str, tuple[str, ...]] = {}
        for name, value in parse_qsl(raw, keep_blank_values=True):
            found[name] = (*found.get(name, ()), value)
        return found
    return _read_values(raw)


def _read_values(raw: Any) -> Values:
    if not isinstance(raw, Mapping):
        return {}
    return {
        name: tuple(map(_text_of, value)) if isinstance(value, list) else (_text_of(value),)
        for name, value in raw.items()
    }


def _lowered(rules: Mapping[str, Rules]) -> Mapping[str, Rules]:
    """Return the rules with the names of headers in lower case, too."""
    headers = [
        replace(rule, steps=(str(rule.steps[0]).lower(), *rule.steps[1:])) if rule.steps else rule
        for rule in rules.get("header", ())
    ]
    return {**rules, "header": tuple(headers)} if headers else rules


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _text_of(value: Any) -> str:
    return value if isinstance(value, str) else compact(value)
