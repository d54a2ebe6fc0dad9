"""JSON documents from outside."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick_contracts.documents import MAX_DEPTH, DocumentError, compact, read

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(), children, max_size=3),
    max_leaves=20,
)


@given(JSON)
def test_what_was_written_is_read_again(document: object) -> None:
    """Reading a compact text gives the document that it was made from."""
    assert read(compact(document, ascii_only=True)) == document


@pytest.mark.parametrize(
    ("data", "part"),
    [
        (b"", "Expecting value"),
        (b"{", "Expecting property name"),
        (b'{"a": NaN}', "NaN"),
        (b'{"a": -Infinity}', "-Infinity"),
        (b'{"a": 1e999}', "too large"),
        (b'{"a": "\xff"}', "byte 7 is not UTF-8"),
        (b'{"a": 1} x', "Extra data"),
        (b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1), "deeper than 50"),
        (b"[" * 100_000, "deeper than 50"),
    ],
)
def test_what_is_no_document_is_refused(data: bytes, part: str) -> None:
    """A text that RFC 8259 does not allow, or nests too deeply, is refused with the place and the reason."""
    with pytest.raises(DocumentError, match=part):
        read(data)


def test_the_deepest_document_that_is_allowed_is_read() -> None:
    """Nesting down to the limit is fine."""
    assert json.dumps(read(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)).count("[") == MAX_DEPTH
