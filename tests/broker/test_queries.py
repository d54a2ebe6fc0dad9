"""Nested parameters in query strings, in Rack's notation."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick_broker.api.queries import DEEPEST, parse_query


@pytest.mark.parametrize(
    ("query", "parameters"),
    [
        ("", {}),
        ("&&", {}),
        ("a=1&b", {"a": "1", "b": ""}),
        ("a=1&a=2", {"a": "2"}),
        ("a[]=1&a[]=2", {"a": ["1", "2"]}),
        ("a[b]=1&a[c][d]=2", {"a": {"b": "1", "c": {"d": "2"}}}),
        ("q[][p]=A&q[][v]=1&q[][p]=B", {"q": [{"p": "A", "v": "1"}, {"p": "B"}]}),
        ("q[][p]=A&latestby=cvp&q[][v]=1", {"q": [{"p": "A", "v": "1"}], "latestby": "cvp"}),
        ("q[][v]=1&q[][p]=A&q[][v]=2", {"q": [{"v": "1", "p": "A"}, {"v": "2"}]}),
        ("q[]p=A&q[]v=1&q[]p=B", {"q": [{"p": "A", "v": "1"}, {"p": "B"}]}),
        ("q%5B%5D%5Bp%5D=A", {"q": [{"p": "A"}]}),
        ("q[][p]=a+b%2Bc%20d", {"q": [{"p": "a b+c d"}]}),
        ("q[][p]=a=b", {"q": [{"p": "a=b"}]}),
        ("a=%C3%A9&b=%FF", {"a": "é", "b": "\ufffd"}),
        ("q[]=x&q[][p]=A", {"q": ["x", {"p": "A"}]}),
        ("q[][a][]=1&q[][a][]=2", {"q": [{"a": ["1", "2"]}]}),
        ("=1&[]=2&[a]=3&a]=4&a[=5", {}),
        ("a=1&a[]=2&a[b]=3", {"a": "1"}),
        ("a[]=1&a[b]=2", {"a": ["1"]}),
        ("a" + "[b]" * (DEEPEST + 1) + "=1", {}),
    ],
)
def test_a_query_is_read_as_rack_reads_it(query: str, parameters: dict[str, Any]) -> None:
    """Clients of the Pact Broker build lists of objects in a query; both of their spellings are read."""
    assert parse_query(query) == parameters


@given(st.text(alphabet="ab[]=&%+5B", max_size=60))
def test_any_query_can_be_read(query: str) -> None:
    """No query makes the parser fail."""
    assert isinstance(parse_query(query), dict)
