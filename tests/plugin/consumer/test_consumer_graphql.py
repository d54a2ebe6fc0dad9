"""GraphQL: documents that mean the same match, and others are shown as documents."""

import sys
from typing import Any

import graphql
import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from plugin.consumer.consumer_suite import Suite
from plugin.consumer.mocking import interaction_of, mock_of
from tallystick import like
from tallystick.errors import DeclarationError

QUERY = """
# Loads a user; comments mean nothing.
query GetUser($id: ID!, $first: Int = 10) {
  user(id: $id) { name, friends(first: $first, kinds: ["old", "new"], near: 1.5) { ...Friend } }
}
fragment Friend on User { name @include(if: true) }
"""


def ask(url: str, query: str, **more: Any) -> requests.Response:
    """Send a GraphQL request as clients do."""
    return requests.post(f"{url}/graphql", json={"query": query, **more}, timeout=5)


def test_every_layout_of_a_document_is_taken() -> None:
    """Spaces, line breaks and commas between tokens mean nothing; another field, value or name does."""
    mock = mock_of()
    mock.graphql("GetUser", query=QUERY, variables={"id": like("1")}, operation="GetUser").reply(
        data={"user": {"name": like("Ann")}}
    )
    printed = graphql.print_ast(graphql.parse(QUERY))
    more = {"variables": {"id": "7"}, "operationName": "GetUser"}
    for layout in (
        printed,
        printed.replace("\n", " "),
        graphql.strip_ignored_characters(printed),
        f"\n{printed},",
        QUERY,
    ):
        answer = ask(mock.url, layout, **more)
        assert answer.json() == {"data": {"user": {"name": "Ann"}}}, layout
    assert mock.outcome().kept
    for change in (("name @", "name age @"), ("1.5", "1.6"), ("true", "false"), ("GetUser", "Get User")):
        assert ask(mock.url, printed.replace(*change), **more).status_code == 500, change
    assert ask(mock.url, printed, variables={"id": 7}, operationName="GetUser").status_code == 500
    assert interaction_of(mock)["request"]["body"]["content"]["query"] == QUERY


NAMES = st.from_regex(r"\A[_a-z][_0-9a-z]{0,5}\Z")
VALUES = (
    st.integers(-99, 99).map(str)
    | NAMES
    | st.text('ab "\\.$(é').map(lambda text: graphql.print_ast(graphql.StringValueNode(value=text)))
)


@given(st.lists(st.tuples(NAMES, st.lists(st.tuples(NAMES, VALUES), max_size=3)), min_size=1, max_size=4))
def test_any_document_is_taken_however_it_is_printed(fields: list[tuple[str, list[tuple[str, str]]]]) -> None:
    """The regular expression of a document finds what other programs make of it."""
    import re

    from tallystick.consumer.graphql import layouts_of

    document = (
        "{"
        + " ".join(
            name + (f"({', '.join(f'{key}: {value}' for key, value in arguments)})" if arguments else "")
            for name, arguments in fields
        )
        + "}"
    )
    pattern = layouts_of(document)
    for layout in (
        document,
        graphql.print_ast(graphql.parse(document)),
        graphql.strip_ignored_characters(document),
    ):
        assert re.search(pattern, layout)
    assert not re.search(pattern, document.replace("{", "{ another ", 1))


def test_a_mismatch_is_shown_as_documents(suite: Suite) -> None:
    """The report shows both documents line by line, and nothing of a regular expression."""
    suite.write(
        "test_client.py",
        """
        def test_loads(inventory):
            inventory.graphql("GetItem", query="query Get { item(id: 1) { name } }").reply(data={"item": None})
            sent = "query Get { item(id: 1) { name price } }"
            requests.post(inventory.url + "/graphql", json={"query": sent, "variables": {}})

        def test_sends_something_else(inventory):
            inventory.graphql("GetItem", query="{ item }").reply(errors=[{"message": like("no")}], status=400)
            requests.post(inventory.url + "/graphql", json={"query": "{ item"})
        """,
    )
    result = suite.run()
    result.assert_outcomes(failed=2)
    lines = [line.rstrip() for line in result.outlines]
    start = lines.index('  "GetItem"  test_client.py:6')
    assert lines[start : start + 10] == [
        '  "GetItem"  test_client.py:6',
        "    POST /graphql was sent, but not as declared:",
        '      body $  declared ["query"]  sent ["query","variables"]  '
        "Expected a Map with keys [query] but received one with keys [query, variables]",
        "      query, declared (-) and sent (+):",
        "          query Get {",
        "            item(id: 1) {",
        "              name",
        "        +     price",
        "            }",
        "          }",
    ]
    assert "        it is not a GraphQL document: Syntax Error: Expected Name, found <EOF>." in lines


@pytest.mark.parametrize(
    ("declare", "reason"),
    [
        (lambda m: m.graphql("x", query="{ user"), "not a GraphQL document: Syntax Error"),
        (lambda m: m.graphql("x", query="{ user }").reply(), "data=, errors= or both"),
        (lambda m: m.expect("x").graphql("y", query="{ user }"), "already 'x'"),
    ],
)
def test_what_is_no_graphql_is_refused(declare: Any, reason: str) -> None:
    """A document that no server could read, and a reply that is none, are refused where they are declared."""
    with pytest.raises(DeclarationError, match=reason):
        declare(mock_of())


def test_without_its_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """graphql-core is an extra; who needs it is told."""
    monkeypatch.setitem(sys.modules, "graphql", None)
    with pytest.raises(DeclarationError, match=r"pip install 'tallystick\[graphql\]'"):
        mock_of().graphql("x", query="{ user }")
