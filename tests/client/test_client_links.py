"""Links of a broker: expanded, and kept at the broker."""

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick_client import InvalidInput, NotABroker
from tallystick_client.links import Index, expand

SEGMENTS = st.text(min_size=1).filter(
    lambda text: text.strip() and text not in {".", ".."} and text.isprintable()
)


@given(name=SEGMENTS, branch=SEGMENTS)
def test_each_name_is_one_segment_of_the_path(name: str, branch: str) -> None:
    """Whatever a name holds, it stays one path segment and comes back unchanged (RFC 3986)."""
    path = expand("/pacticipants/{name}/branches/{branch}", name=name, branch=branch)
    assert [unquote(segment) for segment in path.split("/")] == ["", "pacticipants", name, "branches", branch]
    assert "?" not in path
    assert "#" not in path


@pytest.mark.parametrize("name", ["", "  ", ".", ".."])
def test_a_name_that_no_path_can_hold_is_refused(name: str) -> None:
    """A blank name or a dot segment would address something else."""
    with pytest.raises(InvalidInput, match="cannot be the name of a pacticipant"):
        expand("/pacticipants/{pacticipant}", pacticipant=name)


@pytest.mark.parametrize(
    ("own", "href", "url"),
    [
        ("https://b.example.org", "https://b.example.org/x?y=1", "https://b.example.org/x?y=1"),
        ("http://localhost:9292", "http://localhost:9292/x", "https://b.example.org/x"),
        ("http://inside/pact", "http://inside/pact/x", "https://b.example.org/x"),
        ("http://inside/pact/", "http://inside/pact", "https://b.example.org"),
        ("", "/x", "https://b.example.org/x"),
        ("http://inside", "https://b.example.org/x", "https://b.example.org/x"),
    ],
)
def test_a_link_leads_to_the_broker_by_the_users_way(own: str, href: str, url: str) -> None:
    """A broker that knows itself by another address is still reached by the one that the user named."""
    assert Index("https://b.example.org", {"self": {"href": own}}).locate(href) == url


@pytest.mark.parametrize(
    "href",
    ["https://evil.example.org/x", "http://b.example.org/x", "https://b.example.org.evil.org/", "//evil/x"],
)
def test_a_link_to_elsewhere_is_not_followed(href: str) -> None:
    """A link must not carry the credentials to another place."""
    with pytest.raises(NotABroker, match="leads elsewhere"):
        Index("https://b.example.org", {"self": {"href": "https://b.example.org"}}).locate(href)


def test_a_missing_relation_is_named() -> None:
    """An index without the relation is not that of a broker that can do this."""
    with pytest.raises(NotABroker, match="offers no pb:environments"):
        Index("http://b", {"self": {"href": "http://b"}}).find("pb:environments")
