"""Messages: what the consumer gets, what it must do with it, and what is recorded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from plugin.consumer.consumer_suite import Suite
from plugin.consumer.mocking import interaction_of, mock_of
from tallystick import Mock, each, integer, like, null_or, regex, uuid
from tallystick.consumer.failure import explain
from tallystick.errors import DeclarationError, MismatchError


@pytest.fixture
def mock() -> Mock:
    """A mock of the provider `orders`; messages need no address."""
    return mock_of()


def test_a_message_is_handed_over_as_it_was_promised(mock: Mock) -> None:
    """The consumer gets the examples, as many items as asked for, and the metadata without its matchers."""
    event = mock.given("order 1 is paid", {"order-id": 1}).message(
        "order placed",
        json={"id": like(1), "lines": each({"sku": regex(r"[A-Z]-\d+", "A-1")}, min=2)},
        metadata={"topic": "orders", "version": integer(3)},
    )
    assert event.json == {"id": 1, "lines": [{"sku": "A-1"}, {"sku": "A-1"}]}
    assert event.metadata == {"contentType": "application/json", "topic": "orders", "version": 3}
    assert mock.outcome().kept
    interaction = interaction_of(mock)
    assert interaction["type"] == "Asynchronous/Messages"
    assert interaction["providerStates"] == [{"name": "order 1 is paid", "params": {"order-id": 1}}]
    assert interaction["matchingRules"]["metadata"]["version"]["matchers"] == [{"match": "integer"}]


@pytest.mark.parametrize(("said", "body"), [({"body": "näive"}, "näive"), ({"body": b"\0\xff"}, b"\0\xff")])
def test_a_message_need_not_be_json(mock: Mock, said: Any, body: str | bytes) -> None:
    """Text stays text and bytes stay bytes."""
    message = mock.message("x", **said)
    assert message.body == body
    assert repr(message.body) in repr(message)


def test_a_message_that_nobody_handles_fails(suite: Suite) -> None:
    """A message into which the test never looked proves nothing, and is named with its line."""
    suite.write(
        "test_client.py",
        """
        def test_handled(inventory):
            assert inventory.message("restocked", json={"sku": uuid()}).json["sku"]

        def test_ignored(inventory):
            inventory.message("sold out", json={"sku": "tea"})

        def test_never_sent(inventory):
            inventory.request("price", json={"sku": "tea"}).responds(json=1)
        """,
    )
    result = suite.run()
    result.assert_outcomes(passed=1, failed=2)
    result.stdout.fnmatch_lines(
        [
            "checkout broke its contract with inventory",
            '  "sold out"  test_client.py:9',
            "    the message was never handled",
            "checkout broke its contract with inventory",
            '  "price"  test_client.py:12',
            "    the message was never sent",
        ]
    )
    assert suite.descriptions() == ["restocked"]


def test_a_call_is_checked_and_answered(mock: Mock) -> None:
    """What the consumer sends is compared like a request, and it gets the declared response."""
    call = mock.request(
        "price of a sku", json={"sku": regex("^[A-Z]-1$", "A-1")}, metadata={"queue": like("prices")}
    ).responds(json={"price": like(9.5), "id": uuid()}, metadata={"cache": "no"})
    reply = call.send({"sku": "B-1"}, metadata={"queue": "other"})
    assert reply.json["price"] == 9.5
    assert reply.metadata == {"contentType": "application/json", "cache": "no"}
    assert mock.outcome().kept
    interaction = interaction_of(mock)
    assert interaction["type"] == "Synchronous/Messages"
    assert interaction["request"]["contents"]["content"] == {"sku": "A-1"}
    assert interaction["response"][0]["contents"]["content"]["price"] == 9.5


def test_a_call_that_is_not_as_declared_fails_where_it_is_made(mock: Mock) -> None:
    """The sender hears of it at once, and the report says what differs."""
    call = mock.request("price", json={"sku": like("A-1")}, metadata={"queue": "prices"}).responds(json=1)
    with pytest.raises(MismatchError, match=r'"price" .* was sent, but not as declared'):
        call.send({"sku": 7, "more": 1}, metadata={"queue": "others"})
    told = explain("checkout", "prices", mock.outcome()).splitlines()
    assert told[2] == "    the message was sent, but not as declared:"
    assert {line.split("  ")[3] for line in told[3:]} == {"metadata queue", "body $", "body $.sku"}


@pytest.mark.parametrize(("sent", "body"), [("text", "text"), (b"\0\1", b"\0\1")])
def test_a_call_need_not_be_json(mock: Mock, sent: str | bytes, body: str | bytes) -> None:
    """Text and bytes are sent as they are, and come back as they were declared."""
    call = mock.request("x", body=sent).responds(body=body)
    assert call.send(sent).body == body


def test_messages_stand_beside_http(mock: Mock) -> None:
    """The core would panic on serving both in one contract; the mock keeps them apart, and records all."""
    import requests

    mock.message("restocked", json=1).json  # noqa: B018 - it is handled by looking at it
    mock.request("price", json=1).responds(json=2).send(1)
    mock.expect("count").get("/stock").reply(200, json=3)
    assert requests.get(f"{mock.url}/stock", timeout=5).json() == 3
    assert mock.outcome().kept
    described = [item["description"] for document in mock.documents() for item in document["interactions"]]
    assert described == ["count", "restocked", "price"]


def test_specification_3_has_contracts_of_messages(suite: Suite) -> None:
    """They are recorded under their own key, kept run after run, and never mixed with HTTP, which would be lost."""
    suite.configure('contracts_spec = "3"')
    message = """
        def test_restocked(inventory):
            assert inventory.given("a sku").message("restocked", json={"sku": "tea"}).json
        """
    http = """
        def test_count(inventory):
            inventory.expect("count").get("/stock").reply(200)
            requests.get(inventory.url + "/stock")
        """
    suite.write("test_message.py", message)
    for _ in range(2):
        result = suite.run()
        assert result.ret == 0, result.outlines
        (recorded,) = suite.contract()["messages"]
        assert recorded["contents"] == {"sku": "tea"}
        assert "interactions" not in suite.contract()
        assert list(suite.contract()["metadata"]["tallystick"]["tests"].values()) == [
            "test_message.py::test_restocked"
        ]
    suite.write("test_http.py", http)
    result = suite.run()
    assert result.ret == 1
    result.stdout.fnmatch_lines(
        ["not recorded *would hold messages beside HTTP*: set contracts_spec to 4, *"]
    )


@pytest.mark.parametrize(
    ("declare", "reason"),
    [
        (lambda m: m.message("x"), "a message needs contents"),
        (lambda m: m.request("x"), "a message needs contents"),
        (lambda m: m.message("x", json=1, body="1"), "not both"),
        (lambda m: m.message("x", json=1, metadata={"a": null_or("x")}), "can't be null"),
        (lambda m: m.message(" ", json=1), "needs a description"),
        (lambda m: m.request("x", json=1).send(1), "has no response yet"),
        (lambda m: m.request("x", json=1).responds(json=1).responds(json=2), "already has its response"),
        (lambda m: m.message("x", json=1) and m.message("x", json=2), "declared differently at"),
    ],
)
def test_what_no_message_could_be_is_refused(
    mock: Mock, declare: Callable[[Any], object], reason: str
) -> None:
    """A message has contents, a call is answered once, and each has words of its own."""
    with pytest.raises(DeclarationError, match=reason):
        declare(mock)


@pytest.mark.parametrize(
    ("specification", "declare", "reason"),
    [
        (2, lambda m: m.message("x", json=1), "specification 2 holds no message"),
        (2, lambda m: m.request("x", json=1).responds(json=1), "holds no message that is answered"),
        (3, lambda m: m.request("x", json=1).responds(json=1), "set contracts_spec to 4"),
    ],
)
def test_an_older_specification_has_no_room(
    specification: int, declare: Callable[[Any], object], reason: str
) -> None:
    """Messages came with specification 3, those that are answered with 4."""
    with pytest.raises(DeclarationError, match=reason):
        declare(mock_of(specification))


def test_a_call_without_response_is_half_declared(mock: Mock) -> None:
    """It is told so, and not that it was never sent."""
    mock.request("price", json=1)
    told = explain("checkout", "prices", mock.outcome())
    assert "is only half declared" in told
    assert "never sent" not in told


def test_raw_messages_are_recorded_but_never_served(mock: Mock) -> None:
    """What was added to the Pact underneath is recorded; serving it would end the process, and is refused."""
    mock.pact.upon_receiving("raw", "Async").with_body("1", "text/plain")
    assert interaction_of(mock)["description"] == "raw"
    with pytest.raises(DeclarationError, match="can't serve a contract with messages"):
        assert mock.url
