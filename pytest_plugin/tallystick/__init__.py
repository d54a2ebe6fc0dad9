"""Contract testing that feels like pytest: what a test suite says with `import tallystick`."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tallystick.consumer.alone import mock
    from tallystick.consumer.bodies import content_type
    from tallystick.consumer.call import Call
    from tallystick.consumer.fixture import consumes
    from tallystick.consumer.graphql import GraphQL
    from tallystick.consumer.interaction import Interaction
    from tallystick.consumer.marks import meta
    from tallystick.consumer.matchers import (
        boolean,
        date,
        datetime,
        decimal,
        from_state,
        includes,
        integer,
        null,
        null_or,
        number,
        one_of,
        regex,
        string,
        time,
        uuid,
    )
    from tallystick.consumer.message import Message
    from tallystick.consumer.mock import Mock
    from tallystick.consumer.structures import contains, each, each_key, each_value, like
    from tallystick.provider.contract import Contract
    from tallystick.provider.marks import only, source, timeout
    from tallystick.provider.messages import message
    from tallystick.provider.states import state
    from tallystick.view import ContractsSession

__all__ = [
    "Call",
    "Contract",
    "ContractsSession",
    "GraphQL",
    "Interaction",
    "Message",
    "Mock",
    "boolean",
    "consumes",
    "contains",
    "content_type",
    "date",
    "datetime",
    "decimal",
    "each",
    "each_key",
    "each_value",
    "from_state",
    "includes",
    "integer",
    "like",
    "message",
    "meta",
    "mock",
    "null",
    "null_or",
    "number",
    "one_of",
    "only",
    "regex",
    "source",
    "state",
    "string",
    "time",
    "timeout",
    "uuid",
]

_HOMES = {
    "consumes": "tallystick.consumer.fixture",
    "mock": "tallystick.consumer.alone",
    "meta": "tallystick.consumer.marks",
    "Mock": "tallystick.consumer.mock",
    "Interaction": "tallystick.consumer.interaction",
    "Message": "tallystick.consumer.message",
    "Call": "tallystick.consumer.call",
    "GraphQL": "tallystick.consumer.graphql",
    **dict.fromkeys(("contains", "each", "each_key", "each_value", "like"), "tallystick.consumer.structures"),
    "content_type": "tallystick.consumer.bodies",
    "Contract": "tallystick.provider.contract",
    "message": "tallystick.provider.messages",
    "only": "tallystick.provider.marks",
    "source": "tallystick.provider.marks",
    "timeout": "tallystick.provider.marks",
    "ContractsSession": "tallystick.view",
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
