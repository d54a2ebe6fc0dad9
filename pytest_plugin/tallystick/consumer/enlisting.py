"""Making a mock known to the run of pytest that it is used in."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tallystick.consumer import verdicts
from tallystick.consumer.mocks import mocks_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tallystick.consumer.mock import Mock

_PLUGIN = "tallystick-consumer-verdicts"


@contextmanager
def enlisted(mock: Mock, node: Any) -> Iterator[None]:
    """Have the mock judged and recorded with the tests of this node, until the block is left, and close it then."""
    enlist(mock, node)
    try:
        yield
    finally:
        mocks_at(node).remove(mock)
        mock.close()


def enlist(mock: Mock, node: Any) -> None:
    """Have the mock judged and recorded with the tests of this node, from now on."""
    from tallystick.plugin import bring_in

    bring_in(node.config, [])
    manager = node.config.pluginmanager
    if not manager.has_plugin(_PLUGIN):
        manager.register(verdicts, _PLUGIN)
    mocks_at(node).append(mock)
