"""The metadata segment of a pact's URL."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick_broker.api.metadata import Metadata, decode, encode

NUMBERS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1)


TAGS = st.lists(st.tuples(NUMBERS, NUMBERS)).map(tuple)


@given(st.builds(Metadata, st.booleans(), st.booleans(), st.lists(NUMBERS).map(tuple), TAGS))
def test_what_was_said_is_read_again(metadata: Metadata) -> None:
    """Any version numbers, tags and flags survive, in a text that needs no encoding in a URL."""
    segment = encode(metadata)
    assert decode(segment) == metadata
    assert set(segment) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


@given(st.text())
def test_garbage_is_read(text: str) -> None:
    """A segment is what a client makes of it: none is too strange to be read."""
    decode(text)


@pytest.mark.parametrize("segment", ["", "!!!", "a", "é", "____", "w5w", "AAAA"])
def test_garbage_says_nothing(segment: str) -> None:
    """A segment that is no base64, no text or no query says the same as none."""
    assert decode(segment) == Metadata()


def test_padding_and_unknown_words_are_taken() -> None:
    """Segments of the Pact Broker have other words besides, and some clients pad them."""
    segment = base64.b64encode(b"cvn=1&cvt[]=prod&w=true&s[][b]=x").decode()
    assert decode(segment) == decode(segment.rstrip("=")) == Metadata(True, False, ("1",))


def test_no_version_has_a_nul() -> None:
    """A number that no version can have is left out, because PostgreSQL refuses to look for it."""
    segment = base64.urlsafe_b64encode(b"cvn=%00&cvn=1%00&cvn=2").decode()
    assert decode(segment).consumer_version_numbers == ("2",)
