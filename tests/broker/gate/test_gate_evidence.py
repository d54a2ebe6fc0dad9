"""What is read from the test results that Pact clients report, whatever their shape."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate_answers import Ask
from story import Story, contract
from tallystick_broker.gate.evidence import LONGEST, MOST, read_failures
from tallystick_contracts.fingerprint import with_ids

RUST = [
    {"interactionId": "1", "interactionDescription": "a good one", "success": True},
    {
        "interactionId": "2",
        "interactionDescription": "an order",
        "success": False,
        "mismatches": [
            {"attribute": "body", "identifier": "$.id", "description": "Expected 1 but got 2"},
            {"attribute": "status", "description": "expected 200 but was 500"},
            {"attribute": "header", "identifier": "ETag", "expected": "a", "actual": None},
        ],
        "exceptions": [{"message": "it broke", "exceptionClass": "IOException"}],
    },
]
RUBY = {
    "tests": [
        {"testDescription": "a good one", "status": "passed"},
        {
            "testFullDescription": "an order has a body",
            "testDescription": "has a body",
            "status": "failed",
            "exception": {"class": "RSpec::Fail", "message": "Actual: 2"},
            "differences": [{"description": "Could not find key id"}],
        },
    ],
    "summary": {"testCount": 2, "failureCount": 1},
}


def read(test_results: Any) -> list[tuple[str, tuple[str, ...]]]:
    """Return the descriptions and mismatches of what failed."""
    return [(each.description, each.mismatches) for each in read_failures(test_results)]


def test_the_shape_of_the_rust_core_and_of_the_jvm() -> None:
    """A list of interactions, each with what did not match and what was thrown."""
    mismatches = (
        "$.id: Expected 1 but got 2",
        "status: expected 200 but was 500",
        "ETag: expected 'a' but got None",
        "it broke",
    )
    assert read(RUST) == [("an order", mismatches)]


def test_the_shape_of_ruby() -> None:
    """An object with tests, which have a status, differences and an exception."""
    assert read(RUBY) == [("an order has a body", ("Could not find key id", "Actual: 2"))]


@pytest.mark.parametrize(
    "shown", [None, [], {}, "failed", 5, [None, "x"], {"tests": None}, [{"success": None}]]
)
def test_what_says_nothing_is_no_evidence(shown: Any) -> None:
    """Results without a failed interaction that can be read have none."""
    assert read(shown) == []


def test_evidence_is_bounded() -> None:
    """Of very much the beginning is shown, and how much more there is."""
    mismatches = [{"description": "x" * (LONGEST + 5)}] * (MOST + 3)
    entries = [{"interactionDescription": "i", "success": False, "mismatches": mismatches}] * (MOST + 2)
    failures = read(entries)
    assert failures[-1] == ("and 2 more", ())
    assert failures[0][1][-1] == "and 3 more"
    assert len(failures[0][1][0]) == LONGEST


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["success", "mismatches", "exceptions", "description", "tests", "status", "message"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(json_values)
def test_any_document_can_be_read(test_results: Any) -> None:
    """Whatever a client sends as its test results, reading it does not fail."""
    for failure in read_failures(test_results):
        assert all(isinstance(text, str) for text in (failure.description, *failure.mismatches))


def test_a_reason_has_the_evidence(story: Story, can_deploy: Ask) -> None:
    """A no names the interaction and the mismatch; a missing description comes from the contract."""
    story.publish("web", "1", "api").deploy("web", "1", "production")
    (interaction,) = with_ids(contract("web", "api"))["interactions"]
    results = [{"interactionId": interaction["_id"], "success": False, "mismatches": [{"description": "no"}]}]
    story.verify("api", "10", of=("web", "1"), success=False, test_results=results)
    (reason,) = can_deploy("api", "10").reasons
    assert [(each.description, each.mismatches) for each in reason.failures] == [("a request for a", ("no",))]


@pytest.mark.parametrize("document", ["5", {"interactions": "x"}, {"interactions": [{"description": 3}]}, {}])
def test_a_contract_that_cannot_be_read_hides_no_failure(
    story: Story, can_deploy: Ask, document: Any
) -> None:
    """Contracts are stored whatever they hold; without a description the interaction is told as nameless."""
    story.publish("web", "1", "api", document=document).deploy("web", "1", "production")
    results = [{"interactionId": "7", "success": False, "mismatches": [{"description": "no"}]}]
    story.verify("api", "10", of=("web", "1"), success=False, test_results=results)
    (failure,) = can_deploy("api", "10").reasons[0].failures
    assert failure.description == "an interaction that the verifier did not name"
