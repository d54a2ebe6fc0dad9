"""The messages of interactions as documentation."""

from typing import Any

import pytest

from tallystick_contracts import reading
from tallystick_contracts.messages import ABSENT, Message, Role, read_messages
from tallystick_contracts.reading import Part, format_graphql, read_part, summary


def read(**interaction: Any) -> list[Part]:
    """Return the messages of an interaction, to read."""
    return [read_part(message) for message in read_messages(interaction)]


def test_a_request_and_a_response_are_read() -> None:
    """The first line, query, headers and body are told, each with its rules."""
    request, response = read(
        request={
            "method": "GET",
            "path": "/stock/7",
            "query": "sort=asc&page=1&page=2",
            "headers": {"Accept": "application/json"},
            "matchingRules": {"$.path": {"match": "regex", "regex": "/stock/[0-9]+"}},
        },
        response={
            "status": 200,
            "headers": {"Content-Type": ["application/json"]},
            "body": {"content": {"available": 5, "tags": []}, "contentType": "application/json"},
            "matchingRules": {
                "body": {"$.available": {"matchers": [{"match": "integer"}]}},
                "header": {"content-type": {"matchers": [{"match": "include", "value": "json"}]}},
            },
        },
    )
    assert request.opening
    assert (request.opening.text, request.opening.rules) == ("GET /stock/7", ("matches /stock/[0-9]+",))
    assert [(each.name, each.value) for each in request.query] == [("sort", "asc"), ("page", "1, 2")]
    assert request.headers[0].name == "accept"
    assert response.opening
    assert response.opening.text == "200"
    assert response.headers[0].rules == ("contains json",)
    (body,) = response.blocks
    assert [(line.depth, line.text, line.rules) for line in body.lines] == [
        (0, "{", ()),
        (1, '"available": 5,', ("any integer",)),
        (1, '"tags": []', ()),
        (0, "}", ()),
    ]


def test_rules_about_what_is_not_shown_are_told_too() -> None:
    """A rule about an item that the example does not have stands below the body."""
    rules = {"body": {"$.items[*].id": {"matchers": [{"match": "integer"}]}}}
    (response,) = read(response={"status": 200, "body": {"items": []}, "matchingRules": rules})
    assert [(each.name, each.rules or each.value) for each in response.others] == [
        ("$.items[*].id", "any integer")
    ]


def test_messages_of_both_kinds_are_read() -> None:
    """A message goes one way; a synchronous one has a request and any number of responses."""
    (message,) = read(
        contents={"content": {"id": 1}, "contentType": "application/json"}, metadata={"topic": "a"}
    )
    assert (message.title, message.opening, message.metadata[0].value) == ("Message", None, "a")
    parts = read(request={"contents": {"content": "ping"}}, response=[{"contents": "a"}, {"contents": "b"}])
    assert [part.title for part in parts] == ["Request", "Response", "Response"]
    (old,) = read(contents={"id": 1}, metaData={"topic": "a"})
    assert [line.text for line in old.blocks[0].lines] == ["{", '"id": 1', "}"]


def test_graphql_has_lines_and_variables() -> None:
    """A GraphQL query is told apart from its variables, and each brace has its line."""
    body = {"query": 'query { stock(sku: "{") { available } }', "variables": {"sku": "tea"}}
    (request,) = read(request={"method": "POST", "path": "/graphql", "body": body})
    assert [block.title for block in request.blocks] == ["GraphQL", "Variables"]
    assert [line.text for line in request.blocks[0].lines] == [
        "query {",
        '  stock(sku: "{") {',
        "    available",
        "  }",
        "}",
    ]
    assert format_graphql("query {\n  a\n}\n") == "query {\n  a\n}"


def test_a_body_may_be_anything() -> None:
    """No body, an empty one, text, and what is not text are told apart."""
    bodies = {message.body for message in read_messages({"request": {"method": "GET"}})}
    assert bodies == {ABSENT}
    (absent, null, text, binary) = read(
        response=[
            {"status": 204},
            {"status": 200, "body": None},
            {"status": 200, "body": "a\nb"},
            {"status": 200, "body": {"content": "aGk=", "contentType": "image/png", "encoded": "base64"}},
        ]
    )
    assert absent.blocks == ()
    assert null.blocks[0].lines[0].text == "null"
    assert [line.text for line in text.blocks[0].lines] == ["a", "b"]
    assert binary.blocks[0].title == "Body, base64"


def test_what_is_huge_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """A long body and a long value are cut, and it is told."""
    monkeypatch.setattr(reading, "MOST_LINES", 3)
    (part,) = read(response={"status": 200, "body": ["x" * 1000, 2, 3, 4]})
    (body,) = part.blocks
    assert body.cut
    assert len(body.lines) == 3
    assert len(body.lines[1].text) < 600


@pytest.mark.parametrize(
    "odd", [None, 5, "x", [], [5], {"headers": 5, "query": 5, "body": [], "matchingRules": 5}]
)
def test_nonsense_is_read_as_far_as_it_goes(odd: Any) -> None:
    """A document from outside may have anything in the place of a message."""
    assert isinstance(read(request=odd, response=odd), list)


def test_a_summary_is_one_line() -> None:
    """A message is named by its first line."""
    assert summary(Message(Role.REQUEST, method="GET", path="/x")) == "GET /x"
    assert summary(Message(Role.MESSAGE)) == ""
