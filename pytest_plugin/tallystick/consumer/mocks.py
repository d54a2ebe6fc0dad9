"""The mocks that a running test uses, and the verdict on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tallystick.consumer.failure import explain

if TYPE_CHECKING:
    from tallystick.consumer.mock import Mock

_MOCKS = pytest.StashKey[list["Mock"]]()


def mocks_of(item: pytest.Item) -> list[Mock]:
    """Return the list of mocks that this test uses now; a fixture puts its own in and takes it out."""
    return item.stash.setdefault(_MOCKS, [])


def broken_contracts(item: pytest.Item) -> str:
    """Return why the test did not keep to what it declared; empty when it did."""
    outcomes = [(mock, mock.outcome()) for mock in mocks_of(item)]
    return "\n".join(explain(mock.consumer, mock.provider, seen) for mock, seen in outcomes if not seen.kept)


def possible_causes(item: pytest.Item) -> str:
    """Return what may explain the failure of the test; empty when its mocks saw nothing wrong."""
    outcomes = [(mock, mock.outcome()) for mock in mocks_of(item)]
    return "\n".join(explain(mock.consumer, mock.provider, seen) for mock, seen in outcomes if seen.tells_why)


def recorded_documents(item: pytest.Item) -> list[dict[str, Any]]:
    """Return the contracts that the test declared."""
    documents = (mock.document() for mock in mocks_of(item))
    return [document for document in documents if document]
