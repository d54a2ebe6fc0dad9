"""What a contract expects differently from another."""

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick_contracts.changes import Kind, find_changes
from tallystick_contracts.interactions import ContractError

JSON = st.recursive(
    st.none() | st.integers(0, 9) | st.sampled_from(["", "tea", "1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab c"), inner, max_size=3),
    max_leaves=6,
)
INTERACTIONS = st.lists(
    st.fixed_dictionaries(
        {
            "description": st.sampled_from("abc"),
            "providerStates": st.lists(st.fixed_dictionaries({"name": st.sampled_from("xy")}), max_size=2),
            "request": st.fixed_dictionaries(
                {"method": st.just("GET"), "path": st.sampled_from(["/a", "/b"])}
            ),
            "response": st.fixed_dictionaries({"status": st.sampled_from([200, 404]), "body": JSON}),
        }
    ),
    max_size=4,
)


def contract(*interactions: Any, **members: Any) -> dict[str, Any]:
    """A contract with these interactions."""
    return {"interactions": list(interactions), **members}


def interaction(description: str = "ask", **members: Any) -> dict[str, Any]:
    """An interaction with these members."""
    request, response = {"method": "GET", "path": "/stock"}, {"status": 200}
    return {"description": description, "request": request, "response": response} | members


def shuffled(value: Any, chance: random.Random) -> Any:
    """Return the value with the members of each object in another order."""
    if isinstance(value, dict):
        names = chance.sample(list(value), len(value))
        return {name: shuffled(value[name], chance) for name in names}
    return [shuffled(item, chance) for item in value] if isinstance(value, list) else value


@given(INTERACTIONS, st.randoms(use_true_random=False))
def test_order_is_no_change(interactions: list[Any], chance: random.Random) -> None:
    """The same interactions in another order, with their members in another order, expect the same."""
    other = [shuffled(each, chance) for each in chance.sample(interactions, len(interactions))]
    found = find_changes(contract(*interactions), contract(*other))
    assert (found.interactions, found.unchanged) == ((), len(interactions))


@given(INTERACTIONS, INTERACTIONS)
def test_every_interaction_is_told_once(old: list[Any], new: list[Any]) -> None:
    """Each interaction of either side is added, removed, changed or unchanged; and back again what came goes."""
    there, back = find_changes(contract(*old), contract(*new)), find_changes(contract(*new), contract(*old))
    changed = there.counts[Kind.CHANGED]
    assert there.unchanged + changed + there.counts[Kind.REMOVED] == len(old)
    assert there.unchanged + changed + there.counts[Kind.ADDED] == len(new)
    assert there.counts[Kind.ADDED] == back.counts[Kind.REMOVED]


def test_a_changed_expectation_is_at_its_path() -> None:
    """Values and rules that came, went or are others are told with where they are."""
    rules = {"body": {"$.items[*].id": {"matchers": [{"match": "integer"}]}}}
    before = interaction(response={"status": 200, "body": {"items": [{"id": 1, "full name": "tea"}]}})
    after = interaction(
        response={"status": 201, "body": {"items": [{"id": "1", "unit": "g"}]}, "matchingRules": rules}
    )
    (found,) = find_changes(contract(before), contract(after)).interactions
    assert found.kind is Kind.CHANGED
    assert {(each.path, each.kind, each.before, each.after) for each in found.changes} == {
        ("response.status", Kind.CHANGED, "200", "201"),
        ("response.body.items[0].id", Kind.CHANGED, "1", '"1"'),
        ("response.body.items[0].unit", Kind.ADDED, None, '"g"'),
        ('response.body.items[0]["full name"]', Kind.REMOVED, '"tea"', None),
        ("response.body.items[*].id (rule)", Kind.ADDED, None, "any integer"),
    }


def test_another_spelling_is_no_change() -> None:
    """The same expectation in the form of specification 2, 3 or 4 is the same."""
    second = {
        "description": "ask",
        "providerState": "there is stock",
        "request": {
            "method": "get",
            "path": "/stock",
            "query": "a=1&b=2",
            "headers": {"Accept": "text/plain"},
            "matchingRules": {"$.headers.Accept": {"match": "regex", "regex": "text/.*"}},
        },
        "response": {"status": 200, "body": {"id": 1}, "matchingRules": {"$.body.id": {"match": "type"}}},
    }
    fourth = {
        "type": "Synchronous/HTTP",
        "description": "ask",
        "providerStates": [{"name": "there is stock"}],
        "request": {
            "method": "GET",
            "path": "/stock",
            "query": {"b": ["2"], "a": ["1"]},
            "headers": {"accept": ["text/plain"]},
            "matchingRules": {"header": {"accept": {"matchers": [{"match": "regex", "regex": "text/.*"}]}}},
        },
        "response": {
            "status": 200,
            "body": {"content": {"id": 1}, "contentType": "application/json", "encoded": False},
            "matchingRules": {"body": {"$.id": {"combine": "AND", "matchers": [{"match": "type"}]}}},
        },
    }
    assert find_changes(contract(second), contract(fourth)).interactions == ()


def test_an_interaction_keeps_its_identity() -> None:
    """One whose states changed is still the same, and so is one that has only another description."""
    given_stock = interaction(providerStates=[{"name": "there is stock"}])
    (found,) = find_changes(contract(interaction()), contract(given_stock)).interactions
    assert [(each.path, each.after) for each in found.changes] == [("state", "there is stock")]
    (renamed,) = find_changes(contract(interaction("ask")), contract(interaction("wonder"))).interactions
    assert [each.path for each in renamed.changes] == ["description"]
    other = {"interactions": [], "messages": [{"description": "told", "contents": {"id": 1}}]}
    found_kinds = [each.kind for each in find_changes(contract(interaction()), other).interactions]
    assert found_kinds == [Kind.ADDED, Kind.REMOVED]


def test_what_is_no_contract_is_refused() -> None:
    """Only contracts can be held against each other."""
    with pytest.raises(ContractError):
        find_changes(contract(5), contract())
