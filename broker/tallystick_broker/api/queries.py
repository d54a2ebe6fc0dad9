"""Query strings with nested parameters, in the notation of Rack, that the matrix is asked in. Pure."""

import re
from typing import Any
from urllib.parse import unquote_plus

KEY = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)([^\[\]]*)")
DEEPEST = 16
"""How many brackets a key may have."""

Parameters = dict[str, Any]


def parse_query(query: str) -> Parameters:
    """Return the parameters: `a=1` is a text, `a[b]=1` an object, `a[]=1` a list and `a[][b]=1` a list of objects.

    A key that repeats within an object of a list begins the next object, whatever stands in between; `a[]b` is
    read like `a[][b]`. Of several texts the last one counts. Keys that can't be read, or contradict one before,
    are left out.
    """
    found: Parameters = {}
    for part in query.split("&"):
        key, _, value = part.partition("=")
        read = KEY.fullmatch(unquote_plus(key))
        if read:
            name, brackets, rest = read.groups()
            segments = re.findall(r"\[([^\[\]]*)\]", brackets) + ([rest] if rest else [])
            if len(segments) <= DEEPEST:
                _put(found, name, segments, unquote_plus(value))
    return found


def text_of(parameters: Parameters, name: str) -> str | None:
    """Return the text of this name; None when there is none, or a blank or nested one."""
    value = parameters.get(name)
    return value if isinstance(value, str) and value.strip() else None


def list_of(parameters: Parameters, name: str) -> list[Any]:
    """Return the list of this name; a single value is a list of one."""
    value = parameters.get(name, [])
    return value if isinstance(value, list) else [value]


def _put(into: Parameters, name: str, segments: list[str], value: str) -> None:
    if not segments:
        into[name] = value
        return
    first, *rest = segments
    if first:
        inner = into.setdefault(name, {})
        if isinstance(inner, dict):
            _put(inner, first, rest, value)
        return
    items = into.setdefault(name, [])
    if isinstance(items, list):
        _append(items, rest, value)


def _append(items: list[Any], segments: list[str], value: str) -> None:
    if not segments:
        items.append(value)
        return
    name, *rest = segments
    last = items[-1] if items else None
    if not isinstance(last, dict) or (name in last and not rest):
        last = {}
        items.append(last)
    _put(last, name, rest, value)
