"""The lines at the end of a run about the contracts that were verified."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tallystick.provider.publishing import Publication
    from tallystick.provider.tally import Tally


def describe(tallies: Sequence[Tally], publications: Sequence[Publication]) -> list[str]:
    """One line for each contract that was verified, and for each that was to be published."""
    shown = [
        (_verified(tally), _count(tally), publication)
        for tally, publication in zip_longest(tallies, publications)
        if tally.ran or publication
    ]
    width = max((len(verified) for verified, _, _ in shown), default=0)
    return [
        f"{verified:{width}}  {count}" + (f"  {_publication(publication)}" if publication else "")
        for verified, count, publication in shown
    ]


def to_json(tallies: Sequence[Tally], publications: Sequence[Publication]) -> list[dict[str, Any]]:
    """Return what the report says of each contract that was verified, and of each that was to be published."""
    return [
        {
            "consumer": tally.name,
            "provider": tally.contract.provider,
            "origin": tally.contract.origin,
            "pending": tally.contract.pending,
            "interactions": tally.total,
            "ran": tally.ran,
            "honoured": tally.honoured,
            "published": publication.text if publication else None,
        }
        for tally, publication in zip_longest(tallies, publications)
        if tally.ran or publication
    ]


def _publication(publication: Publication) -> str:
    return "\n          ".join(line.strip() for line in publication.text.splitlines())


def _verified(tally: Tally) -> str:
    return f"verified {tally.contract.provider} for {tally.name}"


def _count(tally: Tally) -> str:
    counted = f"{tally.honoured}/{tally.total} honoured"
    if not tally.complete:
        counted += f", {tally.total - tally.ran} did not run"
    if tally.contract.pending and tally.honoured < tally.ran:
        counted += " (pending: does not fail this run)"
    return counted
