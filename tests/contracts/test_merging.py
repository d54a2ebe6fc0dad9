"""Merging what parallel builds of one version recorded."""

from typing import Any

import pytest

from tallystick_contracts.merging import MergeConflict, merge


def interaction(description: str, path: str = "/", **members: Any) -> dict[str, Any]:
    """An interaction that asks for this path."""
    return {"description": description, "request": {"method": "GET", "path": path}, **members}


def test_new_interactions_are_added() -> None:
    """What only one build recorded is kept, the stored ones first; the rest comes from the stored document."""
    stored = {"interactions": [interaction("a")], "metadata": {"by": "first"}}
    merged = merge(stored, {"interactions": [interaction("b")], "metadata": {"by": "second"}})
    assert merged == {"interactions": [interaction("a"), interaction("b")], "metadata": {"by": "first"}}


def test_the_same_interaction_is_replaced_in_its_place() -> None:
    """An interaction with equal description and states is taken from the build that came last."""
    stored = {"interactions": [interaction("a", response={"status": 200}), interaction("b")]}
    merged = merge(stored, {"interactions": [interaction("a", response={"status": 201})]})
    assert merged == {"interactions": [interaction("a", response={"status": 201}), interaction("b")]}


def test_other_states_make_another_interaction() -> None:
    """Two interactions of one description in different provider states are two."""
    first = interaction("a", providerStates=[{"name": "empty"}])
    second = interaction("a", path="/x", providerStates=[{"name": "full"}])
    assert merge({"interactions": [first]}, {"interactions": [second]}) == {"interactions": [first, second]}


def test_messages_are_merged_alike() -> None:
    """A contract of messages is merged like one of interactions, and both may be in one document."""
    merged = merge({"interactions": [interaction("a")]}, {"messages": [{"description": "m"}]})
    assert merged == {"interactions": [interaction("a")], "messages": [{"description": "m"}]}


@pytest.mark.parametrize(
    ("stored", "submitted", "part"),
    [
        ({"interactions": [interaction("a")]}, {"interactions": [interaction("a", "/x")]}, "'a'"),
        ({"interactions": [interaction("a")]}, {}, "interactions or messages"),
        ({}, {"interactions": [interaction("a")]}, "interactions or messages"),
        ([], {"interactions": [interaction("a")]}, "JSON objects"),
        ({"interactions": ["a"]}, {"interactions": [interaction("a")]}, "JSON object"),
    ],
)
def test_what_contradicts_is_refused(stored: Any, submitted: Any, part: str) -> None:
    """Another request under the same name, or nothing to merge, is refused, naming the interaction."""
    with pytest.raises(MergeConflict, match=part):
        merge(stored, submitted)
