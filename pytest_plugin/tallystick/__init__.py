"""Contract testing that feels like pytest: what a test suite says with `import tallystick`."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tallystick.consumer.fixture import consumes
    from tallystick.consumer.interaction import Interaction
    from tallystick.consumer.matchers import (
        boolean,
        date,
        datetime,
        decimal,
        each,
        includes,
        integer,
        like,
        null,
        number,
        one_of,
        regex,
        time,
        uuid,
    )
    from tallystick.consumer.mock import Mock
    from tallystick.provider.contract import Contract
    from tallystick.provider.marks import only, source, timeout
    from tallystick.provider.messages import message
    from tallystick.provider.states import state

__all__ = [
    "Contract",
    "Interaction",
    "Mock",
    "boolean",
    "consumes",
    "date",
    "datetime",
    "decimal",
    "each",
    "includes",
    "integer",
    "like",
    "message",
    "null",
    "number",
    "one_of",
    "only",
    "regex",
    "source",
    "state",
    "time",
    "timeout",
    "uuid",
]

_HOMES = {
    "consumes": "tallystick.consumer.fixture",
    "Interaction": "tallystick.consumer.interaction",
    "Mock": "tallystick.consumer.mock",
    "Contract": "tallystick.provider.contract",
    "message": "tallystick.provider.messages",
    "only": "tallystick.provider.marks",
    "source": "tallystick.provider.marks",
    "timeout": "tallystick.provider.marks",
    "state": "tallystick.provider.states",
}

# Type checkers know the names from above and are to complain about others.
if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """Load a public name when it is first used, so that a suite without contracts pays nothing."""
        if name not in __all__:
            raise AttributeError(f"module 'tallystick' has no attribute {name!r}")
        value = getattr(import_module(_HOMES.get(name, "tallystick.consumer.matchers")), name)
        globals()[name] = value
        return value
