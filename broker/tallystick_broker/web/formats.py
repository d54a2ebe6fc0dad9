"""Facts in words for people."""

import re
from datetime import datetime, timedelta

from tallystick_broker.models import now

UNITS = (("day", timedelta(days=1)), ("hour", timedelta(hours=1)), ("minute", timedelta(minutes=1)))
A_MONTH = timedelta(days=30)
NO_TIME = timedelta()
COMMIT = re.compile(r"\b[0-9a-f]{40}\b")
SHORT = 8
DECEIVING = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""Characters that nobody sees, though they may change what is seen: the order of others above all (UTS 55)."""


def ago(moment: datetime, present: datetime | None = None) -> str:
    """Return how long ago a moment was, or how soon it will be; the date when it is more than a month away."""
    age = (present or now()) - moment
    if abs(age) >= A_MONTH:
        return f"{moment.day} {moment:%b %Y}"
    for name, unit in UNITS:
        if abs(age) >= unit:
            count = abs(age) // unit
            span = f"{count} {name}{'s' * (count > 1)}"
            return f"{span} ago" if age >= NO_TIME else f"in {span}"
    return "just now"


def exact(moment: datetime) -> str:
    """Return a moment to the second, in UTC."""
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"


def short(number: str) -> str:
    """Return a version number with each commit in it cut to the characters by which people know it."""
    return COMMIT.sub(lambda found: found[0][:SHORT], number)


def reveal(value: object) -> object:
    """Return the value with each deceiving character of a text written as what it is, like `⟨U+202E⟩`."""
    if type(value) is not str or not DECEIVING.search(value):
        return value
    return DECEIVING.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", value)
