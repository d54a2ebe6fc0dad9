"""Where the steps of an interaction are handed in: the mock that was asked for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from tallystick.consumer.declaration import Declaration
    from tallystick.consumer.outcome import Outcome


class Partner(Protocol):
    """A message that waits for its consumer, or for its answer."""

    def outcome(self) -> Outcome:
        """What became of it so far."""
        ...


@dataclass(frozen=True)
class Desk:
    """`locate` tells the line of the test that runs now, `finish` takes what is complete, `admit` a partner."""

    locate: Callable[[], str]
    finish: Callable[[Declaration], None]
    admit: Callable[[Partner], None]
