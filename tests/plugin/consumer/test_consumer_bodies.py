"""Bodies other than JSON: recorded and compared as they were said, or refused."""

import base64
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from pact import match, xml

from plugin.consumer.mocking import interaction_of, mock_of, post
from tallystick import Mock, content_type, like, null_or, one_of, regex
from tallystick.errors import DeclarationError

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgAAACAAAB4iG8MwAAAABJRU5ErkJggg=="
)
OTHER_PNG = PNG[:-12] + b"\0\0\0\0tEXt" + PNG[-12:]
GIF = b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=6)


@pytest.fixture
def mock() -> Iterator[Mock]:
    """A mock of the provider `inventory`."""
    made = mock_of()
    yield made
    made.close()


def test_a_form_is_compared_field_by_field(mock: Mock) -> None:
    """The order of fields does not matter, their values do; a field may have several, and matchers."""
    form: dict[str, Any] = {
        "sku": regex("^tea-[0-9]+$", "tea-1"),
        "tag": ["a", "b c"],
        "n": 2,
        "odd name": like("x"),
    }
    mock.expect("x").post("/x", form=form).reply(204)
    assert post(mock, data={"tag": ["a", "b c"], "n": "2", "sku": "tea-77", "odd name": "y"}) == 204
    assert post(mock, data={"tag": ["a", "b c"], "n": "2", "sku": "coffee", "odd name": "y"}) == 500
    assert post(mock, data={"tag": ["a"], "n": "2", "sku": "tea-1", "odd name": "y"}) == 500
    request = interaction_of(mock)["request"]
    assert request["headers"]["Content-Type"] == ["application/x-www-form-urlencoded"]
    assert request["body"]["content"] == "sku=tea-1&tag=a&tag=b+c&n=2&odd+name=x"


@given(
    st.dictionaries(TEXT.filter(bool), TEXT | st.lists(TEXT, min_size=2, max_size=3), min_size=1, max_size=3)
)
def test_any_text_survives_in_a_form(form: dict[str, Any]) -> None:
    """What a client encodes is what was declared, whatever characters are in it."""
    mock = mock_of()
    mock.expect("x").post("/x", form=form).reply(204)
    status = post(mock, data=form)
    mock.close()
    assert status == 204


def test_the_parts_of_a_multipart_body_are_compared(mock: Mock) -> None:
    """Fields and files are told apart; a file is compared exactly, or by its kind when that is said."""
    parts: dict[str, Any] = {
        "title": "Tea",
        "size": one_of("small", "large"),
        "photo": ("tea.png", content_type("image/png", PNG)),
        "list": ("list.csv", "a,b\n", "text/csv"),
        'odd "name"': ("a.bin", b"\x00\x01", "application/octet-stream"),
    }
    mock.expect("x").post("/x", multipart=parts).reply(204)
    sent: dict[str, Any] = {
        "title": (None, "Tea"),
        "size": (None, "large"),
        "photo": ("other.png", OTHER_PNG, "image/png"),
        "list": ("list.csv", "a,b\n", "text/csv"),
        'odd "name"': ("a.bin", b"\x00\x01", "application/octet-stream"),
    }
    assert post(mock, files=sent) == 204
    assert post(mock, files=sent | {"title": (None, "Coffee")}) == 500
    assert post(mock, files=sent | {"size": (None, "huge")}) == 500
    assert post(mock, files=sent | {"photo": ("a.gif", GIF, "image/png")}) == 500
    assert post(mock, files=sent | {"list": ("list.csv", "a,c\n", "text/csv")}) == 500
    assert post(mock, files={name: part for name, part in sent.items() if name != "title"}) == 500


def test_the_same_parts_are_the_same_bytes() -> None:
    """The boundary follows from the parts, so that a contract does not change from run to run."""
    recorded = []
    for _ in range(2):
        mock = mock_of()
        mock.expect("x").post("/x", multipart={"title": "Tea"}).reply(204)
        recorded.append(interaction_of(mock))
    assert recorded[0] == recorded[1]
    body = base64.b64decode(recorded[0]["request"]["body"]["content"])
    assert body.count(b'Content-Disposition: form-data; name="title"\r\n\r\nTea\r\n--tallystick-') == 1


def test_bytes_are_compared_exactly_or_by_their_kind() -> None:
    """`body=` of bytes means these bytes; `content_type(…)` means any file of this kind."""
    for body, other in ((PNG, 500), (content_type("image/png", PNG), 200)):
        mock = mock_of()
        mock.expect("x").post("/x", body=body, headers={"Content-Type": "image/png"}).reply(200, body=body)
        headers = {"Content-Type": "image/png"}
        assert post(mock, data=PNG, headers=headers) == 200
        assert post(mock, data=OTHER_PNG, headers=headers) == other
        assert requests.post(f"{mock.url}/x", data=PNG, headers=headers, timeout=5).content == PNG
        mock.close()


def test_text_may_be_matched(mock: Mock) -> None:
    """A matcher as `body=` is about the whole text, whose content type may be said."""
    mock.expect("x").post("/x", body=regex("^a+$", "aa"), headers={"Content-Type": "text/csv"}).reply(
        200, body=match.includes("ok")
    )
    assert post(mock, data="aaa", headers={"Content-Type": "text/csv"}) == 200
    assert post(mock, data="b", headers={"Content-Type": "text/csv"}) == 500
    assert (
        requests.post(f"{mock.url}/x", data="a", headers={"Content-Type": "text/csv"}, timeout=5).text == "ok"
    )


def test_xml_is_what_pact_builds(mock: Mock) -> None:
    """`pact.xml.body(…)` is taken as it is, with its matchers."""
    body = xml.body(xml.element("user", xml.element("id", match.integer(3))))
    mock.expect("x").post("/x", body=body).reply(204)
    headers = {"Content-Type": "application/xml"}
    assert post(mock, data="<user><id>77</id></user>", headers=headers) == 204
    assert post(mock, data="<user><id>x</id></user>", headers=headers) == 500


@pytest.mark.parametrize(
    ("declare", "reason"),
    [
        (lambda m: m.post("/x", form={}), "without a field"),
        (lambda m: m.post("/x", form={"a": True}), "give the text"),
        (lambda m: m.post("/x", form={"a": null_or("x")}), "neither null"),
        (lambda m: m.post("/x", form={"a": "1"}, json=1), "json= or form=, not both"),
        (lambda m: m.post("/x", form={"a": "1"}, headers={"Content-Type": "text/xml"}), "leave it out"),
        (lambda m: m.post("/x", multipart={}), "without a part"),
        (lambda m: m.post("/x", multipart={"a": 7}), r"part 'a' is 7: give its text"),
        (lambda m: m.post("/x", multipart={"a": ("f", {"b": 1})}), "give its text"),
        (lambda m: m.post("/x", multipart={"it's": regex("a", "a")}), "could not be found again"),
        (
            lambda m: m.post("/x", multipart={"a": "b"}, headers={"Content-Type": "text/xml"}),
            "have their own",
        ),
        (lambda m: m.post("/x", body={"a": 1}), "JSON is given as json="),
        (lambda m: m.post("/x", body=match.integer(1)), "matches text"),
        (lambda m: m.post("/x", body=content_type("png", PNG)), "give a content type"),
        (lambda m: m.post("/x", body=content_type("image/png", b"")), "give a content type and an example"),
    ],
)
def test_a_body_that_cannot_be_is_refused(mock: Mock, declare: Callable[[Any], object], reason: str) -> None:
    """What no client could send, or the core would drop, is an error that says what to write."""
    with pytest.raises(DeclarationError, match=reason):
        declare(mock.expect("x"))
