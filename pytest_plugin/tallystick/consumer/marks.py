"""Marks with which a test says what of it is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping

CONTRACTS, META = "contracts", "contracts_meta"

MARKS = (
    f"{CONTRACTS}(record=False): what this test declares is not recorded",
    f"{META}(group=reference): what this test declares is about something outside, such as a ticket",
)


def meta(**references: str | Mapping[str, str]) -> pytest.MarkDecorator:
    """Have what a test declares refer to something outside: `meta(jira="SHOP-1")`, or names with their references.

    It is recorded as an external reference of Pact specification 4. Raises TypeError without any reference.
    """
    if not references:
        raise TypeError('tallystick.meta needs a reference, such as meta(jira="SHOP-1")')
    named = {
        group: {"reference": found} if isinstance(found, str) else dict(found)
        for group, found in references.items()
    }
    decorator: pytest.MarkDecorator = getattr(pytest.mark, META).with_args(**named)
    return decorator


def require_usable(item: pytest.Item, specification: int) -> None:
    """Fail the test when a mark of its says what cannot be done."""
    for mark in item.iter_markers(CONTRACTS):
        if mark.args or mark.kwargs.keys() != {"record"}:
            pytest.fail("the mark contracts takes record=False, and nothing else", pytrace=False)
    if specification < 4 and item.get_closest_marker(META):
        pytest.fail(
            f"tallystick.meta: Pact specification {specification} has no references; 4 has", pytrace=False
        )


def marked(item: pytest.Item, documents: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what is recorded of the contracts that the test declared."""
    mark = item.get_closest_marker(CONTRACTS)
    if mark and not mark.kwargs["record"]:
        return []
    references: dict[str, Any] = {}
    for each in item.iter_markers(META):
        references = {**each.kwargs, **references}
    return [_with_references(document, references) for document in documents] if references else documents


def _with_references(document: dict[str, Any], references: dict[str, Any]) -> dict[str, Any]:
    interactions = [
        {**each, "comments": {**each.get("comments", {}), "references": references}}
        for each in document["interactions"]
    ]
    return {**document, "interactions": interactions}
