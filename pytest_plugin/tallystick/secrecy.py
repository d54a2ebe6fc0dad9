"""What stays out of reports: the values of credentials, which are known by their names."""

from __future__ import annotations

import re

NAMES = r"authorization|cookie|token|secret|passw|api[-_]?key"

SECRET = re.compile(NAMES, re.IGNORECASE)
"""Found in the name or path of what is not to be shown."""

HIDDEN = "(hidden)"

_MEMBER = re.compile(rf'("[^"]*(?:{NAMES})[^"]*"\s*:\s*)("(?:[^"\\]|\\.)*"|[\w.+-]+)', re.IGNORECASE)


def hide_members(text: str) -> str:
    """The text of a JSON document, or of something like it, without the values of such members."""
    return _MEMBER.sub(rf'\1"{HIDDEN}"', text)
