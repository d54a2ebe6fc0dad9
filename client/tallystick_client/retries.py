"""Asking again after a failure that is likely to pass."""

import time
from collections.abc import Callable

import requests

PATIENCE = 10.0
"""Seconds after which nothing is asked again."""
FIRST_PAUSE = 0.5
"""Seconds before the first repetition; each further one waits twice as long."""
PASSING = frozenset({408, 429, 500, 502, 503, 504})
"""Statuses that say "not now"."""

Outcome = requests.Response | requests.ConnectionError


def persist(send: Callable[[], requests.Response], retries: int) -> requests.Response:
    """Return what `send` returns, called again up to `retries` times while it fails in a way that may pass.

    Gives up rather than wait beyond PATIENCE. An answer that does not come in time is not asked for again, as
    that would only add to the load. Raises what the last call raised.
    """
    begin = time.monotonic()
    for attempt in range(retries):
        outcome = _try(send)
        pause = max(FIRST_PAUSE * 2**attempt, _wanted_pause(outcome))
        if not _may_pass(outcome) or time.monotonic() - begin + pause > PATIENCE:
            return _conclude(outcome)
        time.sleep(pause)
    return send()


def _try(send: Callable[[], requests.Response]) -> Outcome:
    try:
        return send()
    except requests.ConnectionError as error:
        return error


def _conclude(outcome: Outcome) -> requests.Response:
    if isinstance(outcome, requests.ConnectionError):
        raise outcome
    return outcome


def _may_pass(outcome: Outcome) -> bool:
    if isinstance(outcome, requests.Response):
        return outcome.status_code in PASSING
    return not isinstance(outcome, requests.exceptions.SSLError)


def _wanted_pause(outcome: Outcome) -> float:
    """Return the seconds that the answer asks to wait (RFC 9110, 10.2.3); a date there counts as none."""
    wanted = outcome.headers.get("Retry-After", "") if isinstance(outcome, requests.Response) else ""
    return float(wanted) if wanted.isdecimal() else 0.0
