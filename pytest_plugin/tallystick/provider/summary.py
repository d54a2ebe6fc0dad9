"""The lines at the end of a run about the contracts that were verified."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

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
