"""Which contents share their verification results."""

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick_contracts.fingerprint import (
    fingerprint,
    interaction_id,
    specification_version,
    with_ids,
    without_ids,
)

INTERACTIONS = st.lists(
    st.fixed_dictionaries(
        {
            "description": st.text(max_size=5),
            "request": st.dictionaries(st.text(max_size=3), st.integers() | st.text(max_size=3), max_size=3),
        }
    ),
    min_size=1,
    max_size=4,
)


def contract(interactions: Any = None, **members: Any) -> dict[str, Any]:
    """A contract with these interactions."""
    return {
        "consumer": {"name": "web"},
        "provider": {"name": "api"},
        "interactions": [{"description": "a"}] if interactions is None else interactions,
        "metadata": {"pactSpecification": {"version": "3.0.0"}},
        **members,
    }


@given(INTERACTIONS, st.randoms(use_true_random=False))
def test_order_does_not_matter(interactions: list[dict[str, Any]], shuffle: random.Random) -> None:
    """Neither the order of interactions nor that of object keys changes what is verified."""
    shuffled = [dict(shuffle.sample(list(each.items()), len(each))) for each in interactions]
    shuffle.shuffle(shuffled)
    assert fingerprint(contract(shuffled)) == fingerprint(contract(interactions))


@pytest.mark.parametrize(
    "same",
    [
        contract(consumer={"name": "somebody"}),
        contract(metadata={"pactSpecification": {"version": "3.0.0"}, "pactRust": {"ffi": "0.5"}}),
        contract(metadata={"pact-specification": {"version": "3.0.0"}}),
        contract(metadata={"pactSpecificationVersion": "3.0.0"}),
        contract(comments={"text": "a remark"}),
    ],
)
def test_what_is_not_verified_does_not_matter(same: dict[str, Any]) -> None:
    """Names and metadata are no part of what a provider has to do."""
    assert fingerprint(same) == fingerprint(contract())


@pytest.mark.parametrize(
    "other",
    [
        contract([{"description": "b"}]),
        contract([{"description": "a"}, {"description": "a"}]),
        contract([{"description": "a", "providerStates": [{"name": "x"}, {"name": "y"}]}]),
        contract(metadata={"pactSpecification": {"version": "4.0"}}),
        contract(metadata={}),
        contract(messages=[{"description": "a"}]),
        contract([{"description": "a", "_id": "given"}]),
    ],
)
def test_what_is_verified_matters(other: dict[str, Any]) -> None:
    """Interactions, messages, an `_id` that was given and the specification's version make another content."""
    assert fingerprint(other) != fingerprint(contract())


def test_the_order_within_an_interaction_matters() -> None:
    """Provider states are set up in their order."""
    states = [{"name": "x"}, {"name": "y"}]
    there, back = (
        contract([{"description": "a", "providerStates": each}]) for each in (states, states[::-1])
    )
    assert fingerprint(there) != fingerprint(back)


@pytest.mark.parametrize(
    "document", [[1, 2], {"a": 1}, {"interactions": "x"}, {"interactions": []}, "text", None]
)
def test_any_document_has_a_fingerprint(document: Any) -> None:
    """A document that is no contract as we know it counts as a whole."""
    assert len(fingerprint(document)) == 40


def test_fingerprints_last() -> None:
    """A fingerprint is part of addresses, so it must never change from one release to the next."""
    assert fingerprint(contract()) == "b098a60aa4727b0132274e2e0e40f55a3bf415fc"


def test_an_interaction_gets_an_id_of_its_content() -> None:
    """Each interaction gets `_id` as its first key; one that was given stays."""
    first, second = with_ids(contract([{"description": "a"}, {"_id": "mine", "description": "a"}]))[
        "interactions"
    ]
    assert list(first) == ["_id", "description"]
    assert first["_id"] == interaction_id({"description": "a"})
    assert second["_id"] == "mine"


@given(INTERACTIONS)
def test_ids_can_be_taken_off(interactions: list[dict[str, Any]]) -> None:
    """Taking the ids off gives what was published."""
    assert without_ids(with_ids(contract(interactions))) == contract(interactions)


@pytest.mark.parametrize("metadata", [None, [], {}, {"pactSpecification": "3"}])
def test_a_specification_may_be_missing(metadata: Any) -> None:
    """Metadata of another shape name no specification."""
    assert specification_version(contract(metadata=metadata)) is None
