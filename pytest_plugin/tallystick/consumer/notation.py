"""The core's short notation of examples with matchers, and what has to be told in matching rules beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tallystick.errors import DeclarationError

__tracebackhide__ = True

KIND = "pact:matcher:type"
NULL_OR = "tallystick:null-or"
"""The member that holds a value which may also be null: the notation has no word for that, rules have."""

_FOR_ALL_NAMES = ("values", "eachKey", "eachValue")

Rules = dict[str, dict[str, Any]]
"""Matching rules as a contract has them, by the path of what they are about."""


def settle(notation: Any, path: str = "$") -> tuple[Any, Rules]:
    """Return what the core can read of the notation, and the rules that must be told to it beside.

    Raises DeclarationError where the core has no place for such a rule, and for a matcher beneath a name that
    the core could not find again in a path.
    """
    rules: Rules = {}
    return _walk(notation, path, rules), rules


def rule_of(matcher: Mapping[str, Any]) -> dict[str, Any]:
    """Return the matching rule that the core makes of a matcher in the notation."""
    kind = matcher[KIND]
    if isinstance(kind, list):
        return {"combine": "AND", "matchers": [rule for each in kind for rule in rule_of(each)["matchers"]]}
    beside = {KIND, "value"} if kind not in {"include", "contentType"} else {KIND}
    rest = {key: value for key, value in matcher.items() if key not in beside}
    return {"combine": "AND", "matchers": [{"match": kind, **rest}]}


def example_of(notation: Any) -> Any:
    """Return the plain example in the notation."""
    if isinstance(notation, list):
        return [example_of(item) for item in notation]
    if not isinstance(notation, dict):
        return notation
    if NULL_OR in notation:
        return example_of(notation[NULL_OR])
    if KIND in notation:
        return example_of(notation.get("value"))
    return {key: example_of(item) for key, item in notation.items()}


def findable(path: str) -> str:
    """Return the path of a matcher; raises DeclarationError if a contract could not hold it.

    A quote in a name would end the name in the file, and a star would stand for every name.
    """
    if "\\" in path or "['*']" in path or path.count("'") != 2 * path.count("['"):
        raise DeclarationError(
            f"a matcher at {path} could not be found again in the contract: the Pact core can't write "
            "a name with ' or \\ or * into a path. Give a plain value there"
        )
    return path


def member(path: str, key: str) -> str:
    """Return the path of a member of the object at this path."""
    return f"{path}.{key}" if key.isascii() and key.isidentifier() else f"{path}['{key}']"


def _walk(node: Any, path: str, rules: Rules) -> Any:
    if isinstance(node, list):
        return [_walk(item, f"{path}[{index}]", rules) for index, item in enumerate(node)]
    if not isinstance(node, dict):
        return node
    if NULL_OR in node:
        return _null_or(node[NULL_OR], path, rules)
    if KIND in node:
        return _matcher(node, path, rules)
    return {key: _walk(item, member(path, key), rules) for key, item in node.items()}


def _matcher(node: dict[str, Any], path: str, rules: Rules) -> dict[str, Any]:
    findable(path)
    if NULL_OR in repr([node.get("rules"), node.get("variants")]):
        raise DeclarationError(f"null_or(…) can't be told of the many values at {path}")
    if "value" not in node:
        return node
    value = node["value"]
    if isinstance(value, list):
        value = _items(value, f"{path}[*]", rules)
    elif isinstance(value, dict) and any(kind in str(node[KIND]) for kind in _FOR_ALL_NAMES):
        value = {key: _walk(item, f"{path}.*", rules) for key, item in value.items()}
    else:
        value = _walk(value, path, rules)
    return {**node, "value": value}


def _items(items: list[Any], path: str, rules: Rules) -> list[Any]:
    """One rule is for all items, and would be in the contract once more for each of them that has matchers."""
    walked = [_walk(item, path, rules) for item in items]
    alike = items.count(items[0]) == len(items) if items else False
    generated = "pact:generator:type" in repr(items)
    return [walked[0], *map(example_of, items[1:])] if alike and not generated else walked


def _null_or(inner: Any, path: str, rules: Rules) -> Any:
    findable(path)
    example = example_of(inner)
    if example is None or isinstance(example, dict | list):
        raise DeclarationError(
            f"null_or(…) at {path} needs an example that is a string, a number or a boolean: of objects and lists "
            "Pact can't say that they may be null. Declare an interaction for each of the two"
        )
    matchers = rule_of(inner)["matchers"] if isinstance(inner, dict) else [{"match": "type"}]
    rules[path] = {"combine": "OR", "matchers": [{"match": "null"}, *matchers]}
    return example
