"""Comparison: two contents side by side, as lines for people."""

import difflib
import json
from collections import Counter
from typing import Any

from tallystick_contracts.fingerprint import INTERACTION_LISTS, without_ids

MAX_LINES = 200
MAX_COMPARED = 1_000
"""Lines of each side that are compared: the time that it takes grows with their square."""


def compare(stored: Any, submitted: Any, *, before: str = "published", after: str = "submitted") -> str:
    """Return the differences as a unified diff of both documents, headed by the names `before` and `after`.

    What means the same is no difference: the order of keys and of interactions, and `_id`s. Interactions that both
    have are left out. At most MAX_LINES lines; what is left out of them is counted in the last one.
    """
    old, new = _without_common(_normal(stored), _normal(submitted))
    old_lines, new_lines = _lines(old), _lines(new)
    compared = old_lines[:MAX_COMPARED], new_lines[:MAX_COMPARED]
    lines = list(difflib.unified_diff(*compared, fromfile=before, tofile=after, lineterm=""))
    unread = max(0, len(old_lines) - MAX_COMPARED) + max(0, len(new_lines) - MAX_COMPARED)
    rest = max(0, len(lines) - MAX_LINES) + unread
    return "\n".join(lines[:MAX_LINES] + ([f"… and {rest} more lines"] if rest > 0 else []))


def _normal(document: Any) -> Any:
    """Return the document with its interactions by description, so that one that changed keeps its place."""
    if not isinstance(document, dict):
        return document
    plain = without_ids(document)
    lists = {key: plain[key] for key in INTERACTION_LISTS if isinstance(plain.get(key), list)}
    return plain | {key: sorted(items, key=_place) for key, items in lists.items()}


def _without_common(old: Any, new: Any) -> tuple[Any, Any]:
    if not isinstance(old, dict) or not isinstance(new, dict):
        return old, new
    for key in INTERACTION_LISTS:
        if isinstance(old.get(key), list) and isinstance(new.get(key), list):
            common = Counter(map(_text, old[key])) & Counter(map(_text, new[key]))
            old, new = (side | {key: _without(side[key], common)} for side in (old, new))
    return old, new


def _without(items: list[Any], common: Counter[str]) -> list[Any]:
    left_out = Counter(common)
    kept = []
    for item in items:
        if left_out[_text(item)] > 0:
            left_out[_text(item)] -= 1
        else:
            kept.append(item)
    return kept


def _lines(document: Any) -> list[str]:
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False).splitlines()


def _place(interaction: Any) -> tuple[str, str]:
    description = interaction.get("description") if isinstance(interaction, dict) else None
    return str(description), _text(interaction)


def _text(interaction: Any) -> str:
    return json.dumps(interaction, sort_keys=True)
