"""What a broker's error documents say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick_client.refusals import read_errors

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        ({"errors": {"name": ["is missing", "is odd"]}}, ("name: is missing", "name: is odd")),
        ({"errors": {"": ["choose one"]}}, ("choose one",)),
        ({"errors": {"request": {"url": ["is missing"]}}}, ("request.url: is missing",)),
        ({"errors": ["Pacticipant X not found"]}, ("Pacticipant X not found",)),
        ({"error": "No such thing"}, ("No such thing",)),
        ({"error": {"message": "It broke", "reference": "abc"}}, ("It broke",)),
        ({"title": "Not Found", "detail": "No such page"}, ("No such page",)),
        ({"title": "Not Found"}, ("Not Found",)),
        ({"title": "T", "errors": [{"detail": "is missing", "pointer": "/a/b"}]}, ("/a/b: is missing",)),
        (
            {"notices": [{"type": "error", "text": "Changed"}], "errors": {"contracts": ["Changed"]}},
            ("Changed",),
        ),
    ],
)
def test_every_shape_of_error_is_read(body: object, texts: tuple[str, ...]) -> None:
    """The texts are found in each shape that brokers use, with their field and without repetition."""
    assert read_errors(body) == texts


@given(body=JSON | st.fixed_dictionaries({"errors": JSON, "notices": JSON, "error": JSON, "detail": JSON}))
def test_no_document_is_too_odd(body: object) -> None:
    """Whatever comes back, reading it gives texts and no failure."""
    assert all(isinstance(text, str) and text for text in read_errors(body))
