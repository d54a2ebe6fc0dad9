"""JSON documents from outside: read strictly, written compactly."""

import json
import math
from typing import Any, NoReturn

MAX_DEPTH = 50
"""Levels of nesting in a document (the Pact Broker's limit)."""


class DocumentError(ValueError):
    """A text that is not a JSON document; the message says where and why."""


def read(data: bytes | str, *, max_depth: int = MAX_DEPTH) -> Any:
    """Return the JSON document in these UTF-8 bytes, or in this text.

    Raises DocumentError for anything that RFC 8259 does not allow (NaN and numbers beyond a double among
    it), for bytes that are not UTF-8 and for nesting deeper than `max_depth`.
    """
    try:
        document = json.loads(_text(data), parse_constant=_refuse, parse_float=_finite)
    except RecursionError:
        raise DocumentError(f"nesting is deeper than {max_depth} levels") from None
    except ValueError as error:
        raise DocumentError(str(error)) from None
    if _depth(document) > max_depth:
        raise DocumentError(f"nesting is deeper than {max_depth} levels")
    return document


def compact(document: Any, *, ascii_only: bool = False) -> str:
    """Return the document's JSON text without any space."""
    return json.dumps(document, separators=(",", ":"), ensure_ascii=ascii_only)


def _text(data: bytes | str) -> str:
    if isinstance(data, str):
        return data
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        before = data[max(0, error.start - 20) : error.start].decode(errors="replace")
        raise DocumentError(f"byte {error.start} is not UTF-8, it follows {before!r}") from None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(f"the number {digits[:40]} is too large")
    return number


def _depth(document: Any) -> int:
    depth = 0
    level = [document]
    while level := [node for node in level if isinstance(node, dict | list)]:
        depth += 1
        level = [child for node in level for child in (node.values() if isinstance(node, dict) else node)]
    return depth
