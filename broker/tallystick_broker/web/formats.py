"""Facts in words for people."""

from datetime import datetime, timedelta

from tallystick_broker.models import now

UNITS = (("day", timedelta(days=1)), ("hour", timedelta(hours=1)), ("minute", timedelta(minutes=1)))
A_MONTH = timedelta(days=30)


def ago(moment: datetime, present: datetime | None = None) -> str:
    """Return how long ago a moment was; the date when it is more than a month."""
    age = (present or now()) - moment
    if age >= A_MONTH:
        return f"{moment.day} {moment:%b %Y}"
    for name, unit in UNITS:
        if age >= unit:
            count = age // unit
            return f"{count} {name}{'s' * (count > 1)} ago"
    return "just now"


def exact(moment: datetime) -> str:
    """Return a moment to the second, in UTC."""
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"
