"""Matching rules of Pact specification 2 to 4: where they apply, and what they say in words."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tallystick_contracts.documents import compact

TOKEN = re.compile(r"""\.([^.\[\]]+)|\[(?:'([^']*)'|"([^"]*)"|(\d+)|\*)\]""")
SINGULAR = {"headers": "header", "metaData": "metadata"}
PLACES = ("method", "path", "status", "query", "header", "body", "metadata")

Token = str | int | None
"""A step into a value: the name of a member, an index, or None for any of both."""

PLAIN = {
    "equality": "exactly this",
    "integer": "any integer",
    "decimal": "any decimal number",
    "number": "any number",
    "boolean": "true or false",
    "null": "null",
    "notEmpty": "not empty",
    "semver": "a semantic version",
    "values": "any names, and values like this",
    "arrayContains": "contains items like these",
    "eachKey": "each name",
    "eachValue": "each value",
}
NAMED = {
    "date": ("a date", ("date", "format")),
    "time": ("a time", ("time", "format")),
    "timestamp": ("a moment", ("timestamp", "format")),
    "datetime": ("a moment", ("datetime", "format")),
    "contentType": ("content of the type", ("value",)),
    "include": ("contains", ("value",)),
    "statusCode": ("the status is", ("status",)),
}


@dataclass(frozen=True)
class Rule:
    """What is asked of a value: where it is, as it was written and step by step, and in words."""

    path: str
    steps: tuple[Token, ...]
    words: str

    def after(self, token: Token) -> "Rule | None":
        """Return the rule as it looks one step further inside, None when it is about something else."""
        if self.steps and self.steps[0] in (None, token):
            return Rule(self.path, self.steps[1:], self.words)
        return None


Rules = tuple[Rule, ...]


def read_rules(message: Mapping[str, Any]) -> dict[str, Rules]:
    """Return the rules of a request, response or message by what they are about (see PLACES).

    Generators are among them, since they too say which value need not be the one that is written.
    """
    found: dict[str, list[Rule]] = {}
    for member, describe in (("matchingRules", _describe_rule), ("generators", _describe_generator)):
        raw = message.get(member)
        for place, path, steps, spec in _entries(raw) if isinstance(raw, Mapping) else ():
            found.setdefault(place, []).append(Rule(path, steps, describe(spec)))
    return {place: tuple(rules) for place, rules in found.items()}


def inside(rules: Iterable[Rule], token: Token) -> Rules:
    """Return those of the rules that are about what is found by this step, as they look from there."""
    return tuple(further for rule in rules if (further := rule.after(token)) is not None)


def here(rules: Iterable[Rule]) -> Rules:
    """Return those of the rules that are about the value itself."""
    return tuple(rule for rule in rules if not rule.steps)


def words_of(rules: Iterable[Rule]) -> tuple[str, ...]:
    """Return what the rules say, each once."""
    return tuple(dict.fromkeys(rule.words for rule in rules))


def read_path(path: str) -> tuple[Token, ...]:
    """Return the steps of a path like `$.items[*]['full name']`; a text that is none is one step."""
    if not path.startswith("$"):
        return (path,)
    steps: list[Token] = []
    for dotted, single, double, index in TOKEN.findall(path[1:]):
        name = dotted or single or double
        steps.append(int(index) if index else None if name in ("", "*") else name)
    return tuple(steps)


def _entries(raw: Mapping[str, Any]) -> Iterator[tuple[str, str, tuple[Token, ...], Any]]:
    """Yield place, path, steps and specification of each rule, in the form of specification 2 or of 3 and 4."""
    for key, spec in raw.items():
        if key.startswith("$"):
            place, *steps = read_path(key) or ("body",)
            yield SINGULAR.get(str(place), str(place)), key, tuple(steps), spec
        elif key in ("method", "path", "status"):
            yield key, "", (), spec
        elif isinstance(spec, Mapping):
            place = SINGULAR.get(key, key)
            yield from ((place, path, read_path(path), each) for path, each in spec.items())


def _describe_rule(spec: Any) -> str:
    if not isinstance(spec, Mapping):
        return compact(spec)
    matchers = spec.get("matchers")
    if not isinstance(matchers, Sequence) or isinstance(matchers, str):
        return _describe_matcher(spec)
    glue = " or " if str(spec.get("combine")).upper() == "OR" else " and "
    return glue.join(_describe_matcher(each) for each in matchers) or "anything"


def _describe_matcher(matcher: Any) -> str:
    if not isinstance(matcher, Mapping):
        return compact(matcher)
    kind = matcher.get("match")
    if kind == "regex" or (kind is None and "regex" in matcher):
        return f"matches {matcher.get('regex')}"
    if kind in NAMED:
        words, members = NAMED[kind]
        value = next((matcher[name] for name in members if matcher.get(name)), "")
        return f"{words} {value if isinstance(value, str) else compact(value)}".strip()
    if kind in ("eachKey", "eachValue") and isinstance(matcher.get("rules"), Sequence):
        return f"{PLAIN[kind]} {' and '.join(_describe_matcher(each) for each in matcher['rules'])}"
    if kind in PLAIN:
        return PLAIN[kind]
    if kind == "type" or "min" in matcher or "max" in matcher:
        return f"the same type{_describe_size(matcher)}"
    return compact(matcher)


def _describe_size(matcher: Mapping[str, Any]) -> str:
    least, most = matcher.get("min"), matcher.get("max")
    if least is not None and most is not None:
        return f", {least} to {most} items"
    if least is not None:
        return f", at least {least}"
    return "" if most is None else f", at most {most}"


def _describe_generator(spec: Any) -> str:
    if not isinstance(spec, Mapping):
        return f"generated: {compact(spec)}"
    if spec.get("type") == "ProviderState":
        return f"from the provider state: {spec.get('expression')}"
    return f"generated: {spec.get('type', compact(spec))}"
