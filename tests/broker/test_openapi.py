"""The description of the API: complete, readable by programs and by people, and true."""

import json
import re
from typing import Any

import pytest
from flask import Flask

from api_client import ApiClient
from described import description
from tallystick_broker.api.questions import SELECTING
from tallystick_broker.web.negotiation import PREFIX

UNDESCRIBED = {
    *("/static/<path:filename>", "/favicon.ico"),
    *("/network/svg", "/network/dot", "/network/mermaid"),
}
"""Addresses that belong to pages, and to no program."""


@pytest.fixture
def document(client: ApiClient) -> Any:
    """The description, as a program gets it."""
    answer = client.get("/openapi.json")
    assert answer.content_type == "application/json;charset=utf-8"
    return answer.json


def test_every_route_is_described(document: Any, shared_app: Flask) -> None:
    """Each address of the API is in the description with each of its methods, and nothing else is."""
    there = {
        (re.sub(r"<name:(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in shared_app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if not rule.rule.startswith(PREFIX) and rule.rule not in UNDESCRIBED
    }
    described = {(path, method) for path, methods in document["paths"].items() for method in methods}
    assert described == there


def test_each_operation_says_what_it_is_and_has_a_name_of_its_own(document: Any) -> None:
    """Generators of clients name functions after operations, and people read the summary."""
    operations = [each for methods in document["paths"].values() for each in methods.values()]
    assert all(each["summary"].endswith(".") for each in operations)
    names = [each["operationId"] for each in operations]
    assert len(set(names)) == len(names)
    tags = {each["name"] for each in document["tags"]}
    assert all(set(each["tags"]) <= tags for each in operations)


def test_every_reference_leads_somewhere(document: Any) -> None:
    """What is named is there."""
    for reference in set(re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(document))):
        found = document
        for part in reference.split("/"):
            found = found[part]


def test_the_parameters_of_the_matrix_are_those_that_are_read(document: Any) -> None:
    """Each member that a selector may have is described, and no other."""
    names = {each["name"] for each in document["paths"]["/matrix"]["get"]["parameters"]}
    assert {name for name in names if name.startswith("q[]")} == {f"q[][{name}]" for name in SELECTING}


@pytest.mark.parametrize(
    ("method", "address", "status", "media_type", "body", "fault"),
    [
        ("GET", "/pacticipants/a%2Fb", 404, "application/hal+json", b'{"error": "x"}', None),
        ("GET", "/pacticipants/a", 404, "application/problem+json", b"{}", "another document"),
        ("GET", "/pacticipants/a", 200, "application/hal+json", b'{"name": "a"}', "another document"),
        ("GET", "/pacticipants/a", 200, "text/csv", b"a", "with text/csv"),
        ("DELETE", "/pacticipants/a", 200, "", b"", "not said to answer 200"),
        ("GET", "/nowhere", 404, "application/hal+json", b"{}", None),
    ],
)
def test_an_answer_that_contradicts_the_description_is_found(
    method: str, address: str, status: int, media_type: str, body: bytes, fault: str | None
) -> None:
    """All tests of the API hold their answers against it, so the check must be able to fail."""
    found = description().find_fault(method, address, status, media_type, body)
    assert found is None if fault is None else fault in (found or "")


def test_people_read_the_same_as_a_page(client: ApiClient, document: Any) -> None:
    """Each address is on the page, which needs no script of its own."""
    for accept in ("text/html", "*/*"):
        page = client.get("/docs/api", headers={"Accept": accept})
        assert page.mimetype == "text/html"
    assert {path for path in document["paths"] if f"<code>{path}</code>" not in page.text} == set()
    assert "http://localhost/openapi.json" in page.text
    assert "<script" not in page.text.partition("<main")[2]
