"""Reading: the messages of an interaction as documentation, with each rule beside the value that it governs."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from tallystick_contracts.documents import compact
from tallystick_contracts.messages import ABSENT, Message, Role, Values
from tallystick_contracts.rules import Rule, Rules, Token, here, inside, words_of

MOST_LINES = 400
"""Lines of a body that are shown."""

LONGEST = 500
"""Characters of a value that are shown."""

INDENT = "  "
BRACES = re.compile(r'"(?:[^"\\]|\\.)*"|[{}]')
TITLES = {Role.REQUEST: "Request", Role.RESPONSE: "Response", Role.MESSAGE: "Message"}


@dataclass(frozen=True)
class Line:
    """A line of a body, and what the rules say of the value that begins on it."""

    depth: int
    text: str
    rules: tuple[str, ...] = ()


@dataclass(frozen=True)
class Named:
    """A header, a query parameter or a piece of metadata."""

    name: str
    value: str
    rules: tuple[str, ...] = ()


@dataclass(frozen=True)
class Block:
    """Something with lines; `cut` when there are more of them than are shown."""

    title: str
    lines: tuple[Line, ...]
    cut: bool = False


@dataclass(frozen=True)
class Part:
    """A message to read. `opening` is its first line; `others` are rules about values that are not shown."""

    title: str
    opening: Line | None
    query: tuple[Named, ...]
    headers: tuple[Named, ...]
    metadata: tuple[Named, ...]
    blocks: tuple[Block, ...]
    others: tuple[Named, ...]


def read_part(message: Message) -> Part:
    """Return the message to read; at most MOST_LINES of its body, and LONGEST characters of a value."""
    body = message.rules.get("body", ())
    blocks = tuple(_blocks(message, body))
    return Part(
        TITLES[message.role],
        _opening(message),
        _named(message.query, message.rules.get("query", ())),
        _named(message.headers, message.rules.get("header", ())),
        _named(
            {name: (_text(value),) for name, value in message.metadata.items()},
            message.rules.get("metadata", ()),
        ),
        blocks,
        () if any(block.cut for block in blocks) else tuple(_unplaced(message.body, body)),
    )


def summary(message: Message) -> str:
    """Return what a message is in a few words, like `GET /stock/tea`, or nothing."""
    opening = _opening(message)
    return opening.text if opening else ""


def cut(text: str) -> str:
    """Return the text, or its first LONGEST characters."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def format_graphql(query: str) -> str:
    """Return a query with a line for each brace; one that has lines keeps them."""
    if "\n" in query.strip():
        return query.strip("\n")
    depth, end = 0, 0
    lines = [(0, "")]
    for found in BRACES.finditer(query):
        at, text = lines[-1]
        lines[-1] = at, text + query[end : found.start()] + found[0].replace("}", "")
        end = found.end()
        if found[0] == "{":
            depth += 1
            lines.append((depth, ""))
        elif found[0] == "}":
            depth = max(depth - 1, 0)
            lines += [(depth, "}"), (depth, "")]
    lines[-1] = lines[-1][0], lines[-1][1] + query[end:]
    return "\n".join(f"{INDENT * at}{text.strip()}" for at, text in lines if text.strip())


def _opening(message: Message) -> Line | None:
    if message.method or message.path:
        rules = (*message.rules.get("method", ()), *message.rules.get("path", ()))
        return Line(0, cut(f"{message.method or ''} {message.path or ''}".strip()), words_of(rules))
    if message.status is not None:
        return Line(0, _text(message.status), words_of(message.rules.get("status", ())))
    return None


def _named(values: Values, rules: Rules) -> tuple[Named, ...]:
    return tuple(
        Named(name, cut(", ".join(value)), words_of(_below(inside(rules, name))))
        for name, value in values.items()
    )


def _below(rules: Iterable[Rule]) -> Rules:
    """Return the rules about a value, and those about its elements: a header or parameter is shown in one piece."""
    return tuple(rule for rule in rules if all(step is None or isinstance(step, int) for step in rule.steps))


def _blocks(message: Message, rules: Rules) -> Iterator[Block]:
    body = message.body
    if body is ABSENT:
        return
    if message.encoded and message.encoded != "json":
        yield Block(f"Body, {message.encoded}", (Line(0, cut(_text(body)), words_of(here(rules))),))
    elif _is_graphql(body):
        lines = (Line(0, text) for text in format_graphql(body["query"]).split("\n"))
        yield _block("GraphQL", lines, inside(rules, "query"))
        rest = {name: value for name, value in body.items() if name != "query"}
        if rest:
            yield _block("Variables", _lines(rest, rules, 0, ""))
    elif isinstance(body, str) and not _is_json(message):
        yield _block("Body", (Line(0, cut(text)) for text in body.split("\n")), rules)
    else:
        yield _block("Body", _lines(body, rules, 0, ""))


def _is_graphql(body: Any) -> bool:
    return isinstance(body, dict) and isinstance(body.get("query"), str) and "{" in body["query"]


def _is_json(message: Message) -> bool:
    return "json" in (message.content_type or "")


def _block(title: str, lines: Iterable[Line], rules: Rules = ()) -> Block:
    """Return the block; `rules` are about the whole, and stand beside its first line."""
    taken = list(islice(lines, MOST_LINES + 1))
    if taken and here(rules):
        taken[0] = Line(taken[0].depth, taken[0].text, words_of(here(rules)))
    return Block(title, tuple(taken[:MOST_LINES]), len(taken) > MOST_LINES)


def _lines(value: Any, rules: Rules, depth: int, before: str, after: str = "") -> Iterator[Line]:
    """Yield the lines of a JSON value; `before` is the name of the member, and `after` the comma."""
    words = words_of(here(rules))
    items = _items(value)
    if not items:
        yield Line(depth, f"{before}{cut(compact(value))}{after}", words)
        return
    opening, closing = ("{", "}") if isinstance(value, Mapping) else ("[", "]")
    yield Line(depth, f"{before}{opening}", words)
    for position, (token, item) in enumerate(items, start=1):
        name = f"{cut(compact(token))}: " if isinstance(value, Mapping) else ""
        comma = "," if position < len(items) else ""
        yield from _lines(item, inside(rules, token), depth + 1, name, comma)
    yield Line(depth, f"{closing}{after}")


def _items(value: Any) -> list[tuple[Token, Any]]:
    if isinstance(value, Mapping):
        return list(value.items())
    return list(enumerate(value)) if isinstance(value, list) else []


def _unplaced(body: Any, rules: Rules) -> Iterator[Named]:
    """Yield the rules about values that the body does not have."""
    for rule in rules:
        if not _leads_somewhere(body, rule.steps):
            yield Named(rule.path, rule.words)


def _leads_somewhere(value: Any, steps: tuple[Token, ...]) -> bool:
    if not steps:
        return value is not ABSENT
    found = (item for token, item in _items(value) if steps[0] in (None, token))
    return any(_leads_somewhere(item, steps[1:]) for item in found)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else compact(value)
