"""Facts in words for people."""

from datetime import UTC, datetime, timedelta

import pytest

from tallystick_broker.web.formats import ago, exact, short

PRESENT = datetime(2026, 3, 31, 12, 30, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=59), "59 minutes ago"),
        (timedelta(hours=23), "23 hours ago"),
        (timedelta(days=1), "1 day ago"),
        (timedelta(days=29), "29 days ago"),
        (timedelta(days=30), "1 Mar 2026"),
        (timedelta(hours=-2), "in 2 hours"),
        (timedelta(days=-1), "in 1 day"),
        (timedelta(days=-31), "1 May 2026"),
    ],
)
def test_an_age_is_told_in_its_largest_unit(age: timedelta, words: str) -> None:
    """Ages are told in whole units, what is to come too, and a date is clearer once a month lies between."""
    assert ago(PRESENT - age, PRESENT) == words


def test_the_exact_time_is_in_utc() -> None:
    """The exact time names its zone."""
    assert exact(PRESENT) == "2026-03-31 12:30:05 UTC"


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("9fceb02d0ae598e95dc970b74767f19372d61af8", "9fceb02d"),
        ("1.2.3+9fceb02d0ae598e95dc970b74767f19372d61af8", "1.2.3+9fceb02d"),
        ("1.2.3", "1.2.3"),
        ("20260331123005", "20260331123005"),
    ],
)
def test_commits_are_cut(number: str, shown: str) -> None:
    """A commit is cut to what people know it by; other numbers stay whole."""
    assert short(number) == shown
