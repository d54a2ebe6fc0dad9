"""Which interactions are asked for: by consumer, by description and by state."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tallystick_contracts.interactions import Interaction


@dataclass(frozen=True)
class Narrowing:
    """Names of consumers, and regular expressions that are found in a description and in a state's name."""

    consumers: tuple[str, ...] = ()
    description: str | None = None
    state: str | None = None

    def fits(self, consumer: str, interaction: Interaction) -> bool:
        """Whether this interaction of this consumer is asked for."""
        if self.consumers and consumer not in self.consumers:
            return False
        if self.description is not None and not re.search(self.description, interaction.description):
            return False
        return self.state is None or any(re.search(self.state, state.name) for state in interaction.states)

    def __str__(self) -> str:
        words = [
            *(("consumer", name) for name in self.consumers),
            ("only", self.description),
            ("state", self.state),
        ]
        return " ".join(f"--contracts-{name} {value!r}" for name, value in words if value is not None)


EVERYTHING = Narrowing()


def check_pattern(name: str, pattern: str | None) -> str | None:
    """The pattern; raises ValueError, which names it, when it is no regular expression."""
    try:
        re.compile(pattern or "")
    except re.error as error:
        raise ValueError(f"{name} {pattern!r} is not a regular expression: {error}") from error
    return pattern
