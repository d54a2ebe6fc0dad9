"""The verdict of the core on one interaction, read so that silence is never a yes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tallystick.secrecy import HIDDEN, SECRET


@dataclass(frozen=True)
class Mismatch:
    """One difference between the response and the contract; `where` is its path or header, if it has one."""

    attribute: str
    where: str
    expected: Any
    actual: Any
    description: str


@dataclass(frozen=True)
class Verdict:
    """Whether the interaction was honoured; if not, the mismatches, or the core's reason for having none."""

    honoured: bool
    mismatches: tuple[Mismatch, ...] = ()
    reason: str | None = None


def judge(results: dict[str, Any]) -> Verdict:
    """Return the verdict in the core's results: yes only for exactly one row, and that one OK.

    The core's own `result` is true for a contract that it could not even load.
    """
    rows = results.get("interactionResults") or []
    if len(rows) != 1:
        reason = "; ".join(_texts(results.get("errors") or [])) or "the verifier gave no result"
        return Verdict(honoured=False, reason=reason)
    if rows[0].get("result") == "OK":
        return Verdict(honoured=True)
    fault = rows[0].get("mismatch") or {}
    found = sorted((_mismatch(each) for each in fault.get("mismatches") or []), key=_order)
    if found:
        return Verdict(honoured=False, mismatches=tuple(found))
    return Verdict(honoured=False, reason=fault.get("message") or "the verifier gave no reason")


def _texts(errors: list[dict[str, Any]]) -> list[str]:
    messages = [(error.get("mismatch") or {}).get("message") for error in errors]
    return [str(message or error) for message, error in zip(messages, errors, strict=True)]


def _mismatch(raw: dict[str, Any]) -> Mismatch:
    kind = str(raw.get("type", ""))
    attribute = {"BodyTypeMismatch": "content type"}.get(kind, kind.removesuffix("Mismatch").lower())
    where = raw.get("path") or raw.get("key") or ""
    if SECRET.search(str(where)):
        return Mismatch(attribute, str(where), HIDDEN, HIDDEN, "the values differ")
    expected, actual = raw.get("expected"), raw.get("actual")
    description = raw.get("mismatch") or f"expected {expected} but was {actual}"
    return Mismatch(attribute, str(where), expected, actual, str(description))


def _order(mismatch: Mismatch) -> tuple[int, str, str]:
    """Status first, then headers, then the body by path: the core lists them in no fixed order."""
    order = ["status", "content type", "header", "body"]
    place = order.index(mismatch.attribute) if mismatch.attribute in order else len(order)
    return place, mismatch.where, mismatch.description
