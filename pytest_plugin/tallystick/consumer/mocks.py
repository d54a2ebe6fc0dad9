"""The mocks that a running test uses, and the verdict on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tallystick.consumer.failure import explain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tallystick.consumer.mock import Mock
    from tallystick.consumer.outcome import Outcome

_MOCKS = pytest.StashKey[list["Mock"]]()


def mocks_at(node: Any) -> list[Mock]:
    """Return the list of mocks that live as long as this node; what makes one puts it in, and may take it out."""
    mocks: list[Mock] = node.stash.setdefault(_MOCKS, [])
    return mocks


def shared_mocks(item: pytest.Item) -> list[Mock]:
    """Return the mocks of a wider scope than this test."""
    return [mock for node in item.listchain()[:-1] for mock in mocks_at(node)]


def broken_contracts(item: pytest.Item) -> str:
    """Return why the test did not keep to what it declared; empty when it did."""
    return _explain((mock, seen) for mock, seen in _outcomes(item) if not seen.kept)


def possible_causes(item: pytest.Item) -> str:
    """Return what may explain the failure of the test; empty when its mocks saw nothing wrong."""
    return _explain((mock, seen) for mock, seen in _outcomes(item) if seen.tells_why)


def recorded_documents(item: pytest.Item) -> list[dict[str, Any]]:
    """Return the contracts that the test declared."""
    return [document for mock in _mocks_of(item) for document in mock.documents()]


def _mocks_of(item: pytest.Item) -> list[Mock]:
    return [*shared_mocks(item), *mocks_at(item)]


def _outcomes(item: pytest.Item) -> list[tuple[Mock, Outcome]]:
    return [(mock, mock.outcome()) for mock in _mocks_of(item)]


def _explain(found: Iterable[tuple[Mock, Outcome]]) -> str:
    return "\n".join(explain(mock.consumer, mock.provider, seen) for mock, seen in found)
