"""Matchers: what they take, what the mock answers, and how they follow from dataclasses and pydantic models."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

import pydantic
import pytest
import requests
from pact import match

import tallystick
from plugin.consumer.mocking import interaction_of, mock_of, post
from tallystick import (
    Mock,
    contains,
    each,
    each_key,
    each_value,
    from_state,
    integer,
    like,
    null_or,
    number,
    regex,
    string,
    uuid,
)
from tallystick.errors import DeclarationError

SINGLE = ("boolean", "date", "datetime", "decimal", "integer", "null", "number", "string", "time", "uuid")


@pytest.fixture
def mock() -> Iterator[Mock]:
    """A mock of the provider `inventory`."""
    made = mock_of()
    yield made
    made.close()


def answer_of(mock: Mock, matcher: object) -> Any:
    """Return what the mock answers that was told so."""
    mock.expect("x").get("/x").reply(200, json={"value": matcher})
    return requests.get(f"{mock.url}/x", timeout=5).json()["value"]


@pytest.mark.parametrize("specification", [2, 3, 4])
@pytest.mark.parametrize("name", SINGLE)
def test_each_matcher_has_an_example_of_its_own(name: str, specification: int) -> None:
    """Without an example of the test's own the answer is the same in each run, and what the matcher takes."""
    mock = mock_of(specification)
    matcher = getattr(tallystick, name)()
    mock.expect("x").post("/x", json={"value": matcher}).reply(200, json={"value": matcher})
    answer = requests.post(f"{mock.url}/x", json={"value": interaction_example(mock)}, timeout=5)
    mock.close()
    assert answer.status_code == 200
    assert answer.json() == {"value": interaction_example(mock)}
    assert (answer.json()["value"] is None) == (name == "null")


def interaction_example(mock: Mock) -> Any:
    """Return the example in the recorded response."""
    body = interaction_of(mock)["response"]["body"]
    return body.get("content", body)["value"]


@pytest.mark.parametrize(
    ("matcher", "good", "bad"),
    [
        (null_or("a"), [None, "b"], [1, {}]),
        (null_or(integer(1)), [None, 2], [1.5, "2"]),
        (null_or(regex("^a+$", "a")), [None, "aa"], ["b"]),
        (null_or(True), [None, False], ["no"]),
        (
            each({"id": 1, "note": null_or("x")}),
            [[{"id": 2, "note": None}, {"id": 3, "note": "y"}]],
            [[], [{"id": 2}]],
        ),
        (each(null_or("x"), min=2), [[None, "y"]], [["y"], [1, 2]]),
        (
            each({"id": integer(1)}, min=2, max=3),
            [[{"id": 2}, {"id": 3}]],
            [[{"id": 2}, {"id": "3"}], [{"id": 1}] * 4],
        ),
        (like({"a b": null_or("x")}), [{"a b": None}], [{"a b": 1}]),
        (each_value(null_or("x")), [{"a": None, "b": "y"}], [{"a": 1}]),
        (each_value(number(1.5)), [{"EUR": 2, "USD": 0.5}, {}], [{"EUR": "2"}]),
        (each_value({"n": null_or("x")}), [{"a": {"n": None}}], [{"a": {"n": 7}}, {"a": {}}]),
        (each_key(regex("^[A-Z]{3}$", "EUR"), number(1.5)), [{"USD": 2}], [{"usd": 2}, {"USD": "2"}]),
        (contains(integer(1), {"kind": "x"}), [["y", {"kind": "x"}, 7]], [[7], [{"kind": "x"}]]),
        (tallystick.datetime(), ["2026-11-24T16:30:00.123+01:00", "2026-11-24 16:30:00Z"], ["2026-11-24"]),
        (tallystick.date(dt.date(2026, 1, 2), "%d.%m.%Y"), ["31.12.2026"], ["2026-12-31"]),
        (match.each_value_matches({"a": 1}, rules=match.integer(1)), [{"b": 2}], [{"b": "x"}]),
    ],
)
def test_a_matcher_takes_what_it_says(
    mock: Mock, matcher: object, good: Sequence[Any], bad: Sequence[Any]
) -> None:
    """Good values are taken and bad ones are not, by the mock as by a provider's verification."""
    mock.expect("x").post("/x", json={"value": matcher}).reply(204)
    assert [post(mock, json={"value": value}) for value in good] == [204] * len(good)
    assert [post(mock, json={"value": value}) for value in bad] == [500] * len(bad)


def test_an_item_is_described_once_however_many_there_are(mock: Mock) -> None:
    """A list of several items has the rules of one, and the mock answers with all of them."""
    assert answer_of(mock, each({"id": integer(7)}, min=3)) == [{"id": 7}] * 3
    rules = interaction_of(mock)["response"]["matchingRules"]["body"]
    assert rules["$.value[*].id"]["matchers"] == [{"match": "integer"}]


def test_a_value_may_come_from_a_provider_state(mock: Mock) -> None:
    """The example stands for it in the test; the contract says where the provider finds its own."""
    path = from_state("/orders/${id}", "/orders/7")
    mock.given("an order").expect("x").post(
        path, json={"id": from_state("${id}", 7)}, headers={"X-Id": from_state("${id}", "7")}
    ).reply(200, json={"id": from_state("${id}", 7)})
    url = f"{mock.url}/orders"
    assert requests.post(f"{url}/7", json={"id": 7}, headers={"X-Id": "7"}, timeout=5).json() == {"id": 7}
    assert requests.post(f"{url}/7", json={"id": 8}, headers={"X-Id": "7"}, timeout=5).status_code == 500
    assert requests.post(f"{url}/8", json={"id": 7}, headers={"X-Id": "7"}, timeout=5).status_code == 500
    request, response = interaction_of(mock)["request"], interaction_of(mock)["response"]
    assert request["generators"]["path"] == {"type": "ProviderState", "expression": "/orders/${id}"}
    assert request["generators"]["header"] == {"X-Id": {"type": "ProviderState", "expression": "${id}"}}
    assert response["generators"]["body"] == {"$.id": {"type": "ProviderState", "expression": "${id}"}}


class State(enum.Enum):
    """Where an order is."""

    HELD = "held"
    SOLD = "sold"


@dataclass
class Line:
    """A part of an order."""

    sku: str
    units: int
    note: str | None


@dataclass
class Order:
    """A dataclass with a field of each kind that JSON can tell something about."""

    id: UUID
    state: State
    kind: Literal["gift", "plain"]
    lines: list[Line]
    totals: dict[str, float]
    placed: dt.datetime
    day: dt.date
    paid: Annotated[bool, "whether"]
    discount: int | None
    tags: list[str] = field(default_factory=list)
    comment: str = ""


class Account(pydantic.BaseModel):
    """A pydantic model, whose JSON has other names than its fields."""

    owner_name: str = pydantic.Field(alias="ownerName", examples=["Ann"])
    balance: Decimal
    nick: str | None = None


def test_a_dataclass_is_expected_by_its_types(mock: Mock) -> None:
    """Each field without a default is in the answer, as its type says; what has one the consumer can do without."""
    answer = answer_of(mock, like(Order))
    assert UUID(answer.pop("id"))
    assert dt.datetime.fromisoformat(answer.pop("placed"))
    assert answer == {
        "state": "held",
        "kind": "gift",
        "lines": [{"sku": "sku", "units": 1, "note": "note"}],
        "totals": {"key": 1},
        "day": "2026-01-31",
        "paid": True,
        "discount": 1,
    }


def test_a_provider_may_answer_with_any_order(mock: Mock) -> None:
    """The contract takes every value of the types, and no other."""
    good = {
        "id": "7a1b7b7e-1d0e-4c85-9f4a-8a7d9f1e2b3c",
        "state": "sold",
        "kind": "plain",
        "day": "2026-12-31",
        "lines": [{"sku": "tea", "units": 2, "note": None}, {"sku": "ale", "units": 1, "note": "cold"}],
        "totals": {"EUR": 9.5},
        "placed": "2026-11-24T16:30:00+00:00",
        "paid": False,
        "discount": None,
    }
    bad: list[dict[str, Any]] = [
        *({"state": "lost"}, {"id": "7"}, {"lines": [{"sku": "tea"}]}, {"totals": {"EUR": "x"}}),
        *({"paid": "no"}, {"discount": 1.5}, {"placed": "yesterday"}),
    ]
    mock.expect("x").post("/x", json=like(Order)).reply(204)
    assert post(mock, json=good) == 204
    assert [post(mock, json=good | change) for change in bad] == [500] * len(bad)


def test_a_pydantic_model_is_expected_under_its_names_in_json(mock: Mock) -> None:
    """Aliases and examples of a model count; a field whose type says too little is given by hand."""
    assert answer_of(mock, like(Account, balance=string("9.50"), nick="A")) == {
        "ownerName": "Ann",
        "balance": "9.50",
        "nick": "A",
    }


def test_an_instance_is_an_example_of_all_its_fields(mock: Mock) -> None:
    """The values of an instance, nested ones too, are what the mock answers with, matched by their type."""
    line = Line("tea", 2, None)
    assert answer_of(
        mock,
        {"order": like(line), "all": each(line, min=2), "at": like(dt.datetime(2026, 1, 2, tzinfo=dt.UTC))},
    ) == {
        "order": {"sku": "tea", "units": 2, "note": None},
        "all": [{"sku": "tea", "units": 2, "note": None}] * 2,
        "at": "2026-01-02T00:00:00+00:00",
    }


@dataclass
class Tree:
    """A dataclass without an end."""

    child: list[Tree]


@dataclass
class Vague:
    """A dataclass whose fields say too little."""

    anything: Any


@pytest.mark.parametrize(
    ("declare", "reason"),
    [
        (lambda: like(Tree), "Tree holds itself"),
        (lambda: like(Vague), r"Vague.anything is .*: give it, like\(Vague, anything=…\)"),
        (lambda: like(Account), "Account.balance is .*Decimal"),
        (lambda: like(Line, colour="red"), "Line has no field colour"),
        (lambda: like({"a": 1}, a=2), "only a dataclass or a pydantic model has fields"),
        (lambda: tallystick.date("31.1.2026"), "is not in the format '%Y-%m-%d'"),
        (lambda: tallystick.time("9 o'clock"), "is not in the format"),
        (lambda: tallystick.datetime("31.1.2026", "%Y"), "is not in the format"),
    ],
)
def test_what_says_too_little_is_refused(declare: Callable[[], object], reason: str) -> None:
    """A type that leaves open what its JSON is, and an example that contradicts its format, need a word more."""
    with pytest.raises(DeclarationError, match=reason):
        declare()


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (null_or({"a": 1}), r"null_or\(…\) at \$ needs an example that is a string"),
        ({"a": null_or(match.uuid())}, r"at \$\.a needs an example"),
        (match.each_value_matches({"a": 1}, rules=null_or("x")), "can't be told of the many values"),
        (contains(null_or("x")), "can't be told of the many values"),
        ({"it's": like("x")}, "could not be found again"),
        ({"*": uuid()}, "could not be found again"),
        (tallystick.datetime("yesterday"), "does not match its own regex"),
        ({"tallystick:null-or": 1}, "kept for matchers"),
    ],
)
def test_what_the_core_could_not_hold_is_refused(mock: Mock, value: Mapping[str, Any], reason: str) -> None:
    """Where a rule would be lost, or be about something else, the declaration fails."""
    with pytest.raises(DeclarationError, match=reason):
        mock.expect("x").get("/x").reply(200, json=value)


def test_null_needs_a_newer_specification() -> None:
    """Specification 2 has no rule with alternatives."""
    with pytest.raises(DeclarationError, match="specification 2 holds no null_or"):
        mock_of(2).expect("x").get("/x").reply(200, json=null_or("x"))
