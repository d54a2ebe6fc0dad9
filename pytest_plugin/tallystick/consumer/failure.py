"""The text that tells how a consumer broke its contract."""

from __future__ import annotations

import json
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from tallystick.secrecy import HIDDEN, SECRET

if TYPE_CHECKING:
    from tallystick.consumer.outcome import Difference, Expected, Mismatched, Outcome, Unexpected

LONGEST = 120
"""Characters of a value that are shown."""


def explain(consumer: str, provider: str, outcome: Outcome) -> str:
    """Return what was declared, what was sent and what never was, near misses together."""
    pairs = near_misses(outcome.never_sent, outcome.unexpected)
    alone = [item for item in outcome.unexpected if item not in pairs.values()]
    lines = [f"{consumer} broke its contract with {provider}"]
    for mismatched in outcome.mismatched:
        lines += _mismatched_lines(mismatched)
    for expected in outcome.never_sent:
        lines += _never_sent_lines(expected, pairs.get(expected))
    lines += [f"  {item.method} {item.path} was sent, but this test does not declare it" for item in alone]
    lines += [line for label in outcome.unsent for line in (f"  {label}", "    the message was never sent")]
    lines += [
        line for label in outcome.unhandled for line in (f"  {label}", "    the message was never handled")
    ]
    lines += [f"  {what} is only half declared: it ends without .reply(…)" for what in outcome.half_declared]
    return "\n".join(lines)


def near_misses(
    never_sent: tuple[Expected, ...], unexpected: tuple[Unexpected, ...]
) -> dict[Expected, Unexpected]:
    """Pair each declared request that never came with the most similar one that came undeclared, if any is."""
    pairs: dict[Expected, Unexpected] = {}
    for expected in never_sent:
        free = [item for item in unexpected if item not in pairs.values()]
        best = max(free, key=lambda item: _similarity(expected, item), default=None)
        if best and _similarity(expected, best) >= 0.75:
            pairs[expected] = best
    return pairs


def _similarity(expected: Expected, sent: Unexpected) -> float:
    alike = SequenceMatcher(None, expected.path, sent.path).ratio()
    return alike if expected.method == sent.method else alike - 0.2


def _mismatched_lines(mismatched: Mismatched) -> list[str]:
    what = f"{mismatched.method} {mismatched.path}".strip() or "the message"
    documents = {item.graphql for item in mismatched.candidates if item.graphql}
    queries = [item for item in mismatched.differences if documents and item.place == "body $.query"]
    others = [item for item in mismatched.differences if item not in queries]
    return [
        f"  {' or '.join(item.label for item in mismatched.candidates)}",
        f"    {what} was sent, but not as declared:",
        *_table([_row(item) for item in others]),
        *(
            line
            for document in sorted(documents)
            for item in queries
            for line in _query_lines(document, item.sent)
        ),
    ]


def _query_lines(declared: str, sent: str) -> list[str]:
    from tallystick.consumer.graphql import difference

    lines = difference(declared, str(json.loads(sent)))
    return ["      query, declared (-) and sent (+):", *(f"        {line}".rstrip() for line in lines)]


def _never_sent_lines(expected: Expected, instead: Unexpected | None) -> list[str]:
    lines = [f"  {expected.label}", f"    {expected.method} {expected.path} was never sent"]
    if instead:
        lines.append(
            f"    {instead.method} {instead.path} was sent instead, which this test does not declare"
        )
    return lines


def _row(item: Difference) -> tuple[str, str, str, str]:
    if SECRET.search(item.place):
        return item.place, f"declared {HIDDEN}", f"sent {HIDDEN}" if item.sent else "not sent", ""
    declared = f"declared {_shown(item.declared)}" if item.declared else "not declared"
    sent = f"sent {_shown(item.sent)}" if item.sent else "not sent"
    return item.place, declared, sent, _shown(item.explanation)


def _table(rows: list[tuple[str, str, str, str]]) -> list[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(3)] if rows else []
    return [
        "      "
        + "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[3]]).rstrip()
        for row in rows
    ]


def _shown(value: str) -> str:
    flat = " ".join(value.split())
    return flat if len(flat) <= LONGEST else flat[: LONGEST - 1] + "…"
