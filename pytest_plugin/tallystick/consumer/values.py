"""Values on their way into a contract: what the matching engine would silently change is refused here."""

from __future__ import annotations

import json
import math
import re
import warnings
from collections.abc import Mapping
from typing import Any

from pact.generate.generator import AbstractGenerator
from pact.match import AbstractMatcher

from tallystick.consumer.notation import KIND, NULL_OR, example_of
from tallystick.errors import DeclarationError

__tracebackhide__ = True

Value = Any
"""JSON (None, booleans, numbers, strings, lists, mappings with string keys) with matchers anywhere in it."""

INTEGERS = range(-(2**63), 2**64)
"""The engine's whole numbers; beyond them it would record a rounded float."""


def text(value: object, where: str) -> str:
    """Return the string; raises DeclarationError for what is not one and for characters that would cut it."""
    if not isinstance(value, str):
        raise DeclarationError(f"{where} must be a string, not {value!r}")
    if "\0" in value:
        raise DeclarationError(f"{where} holds a NUL character, which would cut it there")
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise DeclarationError(f"{where} holds half of a surrogate pair, which is not text")
    return value


def integration_json(value: Value, where: str) -> Any:
    """Return the value as Pact's integration JSON: plain JSON in which each matcher is a `pact:matcher:type`.

    Raises DeclarationError, which names the member, for what JSON or the engine cannot hold.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return text(value, where)
    if isinstance(value, int | float):
        return _number(value, where)
    if isinstance(value, list | tuple):
        return [integration_json(item, f"{where}[{index}]") for index, item in enumerate(value)]
    if isinstance(value, AbstractMatcher | AbstractGenerator):
        return _rule(value.to_integration_json(), where)
    if isinstance(value, Mapping):
        return _rule(value, where) if KIND in value else _object(value, where)
    raise DeclarationError(
        f"{where} is {value!r}, a {type(value).__name__}: JSON has no such thing. "
        "Write what your client really sends, such as str(…), float(…) or ….isoformat(); "
        "of a dataclass or a pydantic model, like(…)"
    )


def plain_json(value: Value, where: str) -> Any:
    """Return the value, which may hold no matcher: nothing would be compared with it."""
    plain = integration_json(value, where)
    if plain != example_of(plain):
        raise DeclarationError(f"{where} must be plain values: a matcher there would match nothing")
    return plain


def plain_or_matcher(value: str | AbstractMatcher[Any], where: str) -> str:
    """Return a path, header or query value in the engine's notation."""
    if isinstance(value, AbstractMatcher):
        notation = integration_json(value, where)
        if NULL_OR in notation:
            raise DeclarationError(f"{where} is text, which is never null")
        return json.dumps(notation)
    # The engine would read text that looks like an object as a matcher, find none and record "".
    plain = text(value, where)
    return json.dumps({"value": plain}) if plain.lstrip().startswith("{") else plain


def _number(value: float, where: str) -> float:
    if isinstance(value, int) and value not in INTEGERS:
        raise DeclarationError(f"{where} is {value}: whole numbers beyond 64 bits would be rounded")
    if not math.isfinite(value):
        raise DeclarationError(f"{where} is {value}: JSON has no such number")
    return value


def _object(value: Mapping[Any, Value], where: str) -> dict[str, Any]:
    for key in value:
        if text(key, f"the key {key!r} of {where}").startswith(("pact:", "tallystick:")):
            raise DeclarationError(
                f"the key {key!r} of {where} begins with 'pact:' or 'tallystick:', which are kept for matchers"
            )
    return {key: integration_json(item, f"{where}.{key}") for key, item in value.items()}


def _rule(rule: Mapping[str, Value], where: str) -> dict[str, Any]:
    if "regex" in rule:
        _check_regex(text(rule["regex"], f"the regex of {where}"), rule.get("value"), where)
    return {key: integration_json(item, where) for key, item in {**_examples(rule), **rule}.items()}


def _examples(rule: Mapping[str, Value]) -> dict[str, Value]:
    """The example of matchers that were joined with `&`, which pact-python leaves in the first that has one."""
    joined = rule[KIND] if isinstance(rule.get(KIND), list) else []
    return next(({"value": item["value"]} for item in joined if "value" in item), {})


def _check_regex(pattern: str, example: object, where: str) -> None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", FutureWarning)
            compiled = re.compile(pattern)
    except (re.error, FutureWarning) as error:
        raise DeclarationError(f"the regex {pattern!r} of {where} is not one: {error}") from None
    if "(?P" in pattern:
        raise DeclarationError(
            f"the regex {pattern!r} of {where} names a group, which Pact does not know: use (?:…)"
        )
    if example is not None and not compiled.search(str(example)):
        raise DeclarationError(f"the example {example!r} of {where} does not match its own regex {pattern!r}")
