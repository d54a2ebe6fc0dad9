"""Comparison: two contents side by side, as lines for people."""

import difflib
import json
from typing import Any

from tallystick_contracts.fingerprint import without_ids

MAX_LINES = 200


def compare(stored: Any, submitted: Any) -> str:
    """Return the differences as a unified diff of both documents, their keys ordered and without `_id`s.

    At most MAX_LINES lines; what is left out is counted in the last one.
    """
    lines = list(
        difflib.unified_diff(_lines(stored), _lines(submitted), "published", "submitted", lineterm="")
    )
    rest = len(lines) - MAX_LINES
    return "\n".join(lines[:MAX_LINES] + ([f"… and {rest} more lines"] if rest > 0 else []))


def _lines(document: Any) -> list[str]:
    shown = without_ids(document) if isinstance(document, dict) else document
    return json.dumps(shown, indent=2, sort_keys=True, ensure_ascii=False).splitlines()
