"""The interactions of a contract, in every specification's spelling."""

from typing import Any

import pytest

from tallystick_contracts.interactions import (
    ASYNCHRONOUS_MESSAGE,
    HTTP,
    SYNCHRONOUS_MESSAGE,
    ContractError,
    State,
    interactions,
    only,
    participants,
    plugins,
    states,
)

NAMES = {"consumer": {"name": "checkout"}, "provider": {"name": "inventory"}}


def contract(*entries: Any, key: str = "interactions", **members: Any) -> dict[str, Any]:
    """A contract of checkout with inventory that has these interactions."""
    return {**NAMES, key: list(entries), **members}


def test_the_two_participants_are_named() -> None:
    """A contract is between a consumer and a provider."""
    assert participants(contract()) == ("checkout", "inventory")


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ([], "JSON object"),
        ({}, "consumer.name"),
        ({"consumer": {"name": "checkout"}}, "provider.name"),
        ({**NAMES, "consumer": "checkout"}, "consumer.name"),
        ({**NAMES, "provider": {"name": ""}}, "provider.name"),
    ],
)
def test_a_document_without_participants_is_no_contract(document: Any, message: str) -> None:
    """Any other JSON is refused with the member that is missing."""
    with pytest.raises(ContractError, match=message):
        participants(document)


@pytest.mark.parametrize(
    ("spelling", "states"),
    [
        ({}, ()),
        ({"provider_state": "a sku"}, (State("a sku"),)),
        ({"providerState": "a sku"}, (State("a sku"),)),
        ({"providerState": ""}, ()),
        ({"providerState": None}, ()),
        ({"providerStates": []}, ()),
        (
            {"providerStates": [{"name": "a sku", "params": {"qty": 2}}, {"name": "a user", "params": None}]},
            (State("a sku", {"qty": 2}), State("a user")),
        ),
    ],
)
def test_states_are_read_in_every_spelling(spelling: dict[str, Any], states: tuple[State, ...]) -> None:
    """Specifications 1 and 2 name one state, 3 and 4 list them with parameters."""
    (interaction,) = interactions(contract({"description": "reserve", **spelling}))
    assert interaction.states == states


def test_an_interaction_tells_its_kind_identity_and_origin() -> None:
    """The members that only later specifications and brokers add are optional."""
    plain, full = interactions(
        contract(
            {"description": "reserve"},
            {
                "description": "stock",
                "type": SYNCHRONOUS_MESSAGE,
                "_id": "81",
                "pending": True,
                "comments": {"testname": "test_stock.py::test_reads"},
            },
        )
    )
    assert (plain.position, plain.kind, plain.id, plain.pending, plain.testname) == (
        0,
        HTTP,
        None,
        False,
        None,
    )
    assert (full.position, full.kind, full.id, full.pending) == (1, SYNCHRONOUS_MESSAGE, "81", True)
    assert full.testname == "test_stock.py::test_reads"


def test_messages_of_specification_3_come_after_interactions() -> None:
    """A document of specification 3 keeps messages in their own list, which counts on."""
    found = interactions(contract({"description": "reserve"}, messages=[{"description": "placed"}]))
    assert [(each.position, each.kind) for each in found] == [(0, HTTP), (1, ASYNCHRONOUS_MESSAGE)]


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (contract(interactions={}), "interactions must be a list"),
        (contract("reserve"), r"interactions\[0\] must be an object"),
        (contract({"description": 1}), r"interactions\[0\]\.description"),
        (contract({}, key="messages"), r"messages\[0\]\.description"),
        (contract({"description": "x", "providerStates": "a"}), r"interactions\[0\]\.providerStates must"),
        (contract({"description": "x", "providerStates": ["a"]}), r"providerStates\[0\]"),
        (contract({"description": "x", "providerStates": [{"name": "a", "params": 1}]}), r"States\[0\]"),
    ],
)
def test_what_no_specification_has_is_refused(document: dict[str, Any], message: str) -> None:
    """A malformed interaction is named with its place in the document."""
    with pytest.raises(ContractError, match=message):
        interactions(document)


def test_a_copy_with_one_interaction_keeps_the_rest_of_the_contract() -> None:
    """The copy has the names and metadata, one interaction, and no mark that a failure is to be forgiven."""
    document = contract(
        {"description": "reserve"},
        {"description": "stock", "pending": True, "key": "s"},
        messages=[{"description": "placed"}],
        metadata={"pactSpecification": {"version": "4.0"}},
    )
    assert only(document, 1) == {
        **NAMES,
        "interactions": [{"description": "stock", "key": "s"}],
        "metadata": {"pactSpecification": {"version": "4.0"}},
    }
    assert only(document, 2)["messages"] == [{"description": "placed"}]
    assert document["interactions"][1]["pending"] is True


def test_plugins_are_named() -> None:
    """A contract says in its metadata which Pact plugins it needs."""
    assert plugins(contract()) == []
    assert plugins(contract(metadata={"plugins": [{"name": "protobuf"}, {}]})) == ["protobuf", "?"]


def test_states_of_any_document() -> None:
    """States are read in every specification's spelling; what is no state, interaction or contract has none."""
    document = {
        "interactions": [
            {"providerState": "a"},
            {"provider_state": "b"},
            {"providerStates": [{"name": "c", "params": {"id": 1}}]},
            {"providerStates": [{"name": 1}]},
            "no interaction",
        ],
        "messages": [{"providerStates": [{"name": "d"}]}],
    }
    assert [(state.name, dict(state.params)) for state in states(document)] == [
        ("a", {}),
        ("b", {}),
        ("c", {"id": 1}),
        ("d", {}),
    ]
    assert list(states({"interactions": {"providerState": "a"}})) == list(states([document])) == []
