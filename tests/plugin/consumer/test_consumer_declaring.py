"""What can be declared: it is recorded and answered as it was said, or refused."""

import decimal
import json
import os
import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from pact import match

from plugin.consumer.mocking import interaction_of, mock_of
from tallystick import Mock, each, includes, integer, like, one_of, regex, uuid
from tallystick.errors import DeclarationError

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.builds(
        lambda digits, places: digits / 10**places, st.integers(-(10**15), 10**15), st.integers(0, 15)
    )
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.text("abcü{$. \"'").filter(lambda key: not key.startswith("pact:")), inner)
    ),
    max_leaves=8,
)


@pytest.fixture
def mock() -> Iterator[Mock]:
    """A mock of the provider `inventory`."""
    made = mock_of(4)
    yield made
    made.close()


@given(JSON.filter(lambda value: value is not None))
def test_plain_json_is_recorded_as_it_was_said(value: Any) -> None:
    """No number of fifteen digits is rounded, no text cut and no key lost between the test and the contract."""
    mock = mock_of(4)
    mock.expect("x").post("/x", json=value).reply(200, json=value)
    interaction = interaction_of(mock)
    assert interaction["request"]["body"]["content"] == value
    assert interaction["response"]["body"]["content"] == value


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete", "head", "options"])
def test_every_method_has_its_verb(mock: Mock, method: str) -> None:
    """A request of each method is served and recorded."""
    getattr(mock.expect("x"), method)("/x").reply(200, headers={"X-Answer": "yes"})
    answer = requests.request(method, f"{mock.url}/x", timeout=5)
    assert (answer.status_code, answer.headers["X-Answer"]) == (200, "yes")
    assert mock.outcome().kept
    assert interaction_of(mock)["request"]["method"] == method.upper()


@pytest.mark.parametrize(
    ("matcher", "good", "bad"),
    [
        (like("a"), "b", 1),
        (integer(1), 2, 1.5),
        (each({"a": 1}, min=2), [{"a": 2}, {"a": 3}], [{"a": 2}]),
        (regex("^A-[0-9]+$", "A-1"), "A-77", "B-1"),
        (uuid("3f0ae0c2-9d6a-4b52-8d4c-3dc7ad9f3c4e"), "7a1b7b7e-1d0e-4c85-9f4a-8a7d9f1e2b3c", "7"),
        (includes("b"), "abc", "ac"),
        (one_of("on hold", "a.b", "c|d"), "c|d", "axb"),
        (match.type(1) & match.number(1), 2, "2"),
    ],
)
def test_a_matcher_takes_what_it_says(mock: Mock, matcher: object, good: object, bad: object) -> None:
    """Our short names and pact's own matchers decide as the Pact core does."""
    mock.expect("x").post("/x", json={"value": matcher}).reply(204)
    assert requests.post(f"{mock.url}/x", json={"value": good}, timeout=5).status_code == 204
    assert mock.outcome().kept
    assert requests.post(f"{mock.url}/x", json={"value": bad}, timeout=5).status_code == 500
    assert not mock.outcome().kept


def test_matchers_stand_in_paths_headers_and_queries(mock: Mock) -> None:
    """A matcher may be the path, a header or a query parameter."""
    mock.expect("x").get(
        regex(r"^/items/\d+$", "/items/1"), headers={"X-Id": regex(r"^\d+$", "1")}, query={"page": integer(1)}
    ).reply(200)
    answer = requests.get(f"{mock.url}/items/77?page=3", headers={"X-Id": "9"}, timeout=5)
    assert answer.status_code == 200
    assert mock.outcome().kept
    request = interaction_of(mock)["request"]
    assert (request["path"], request["headers"], request["query"]) == (
        "/items/1",
        {"X-Id": ["1"]},
        {"page": ["1"]},
    )


def test_each_answers_with_as_many_items_as_it_asks_for(mock: Mock) -> None:
    """A consumer is never fed a list that its own contract forbids."""
    mock.expect("x").get("/x").reply(200, json=each({"a": 1}, min=3))
    assert requests.get(f"{mock.url}/x", timeout=5).json() == [{"a": 1}] * 3


def test_bodies_that_are_not_json(mock: Mock) -> None:
    """Text and bytes are sent and answered as they are, with a content type that is always said."""
    mock.expect("text").post("/text", body="näive").reply(
        200, body="<a/>", headers={"Content-Type": "text/xml"}
    )
    mock.expect("bytes").post("/bytes", body=b"\x00\xff").reply(200, body=b"\xff\x00")
    plain = {"Content-Type": "text/plain"}
    answer = requests.post(f"{mock.url}/text", data="näive".encode(), headers=plain, timeout=5)
    assert (answer.content, answer.headers["Content-Type"]) == (b"<a/>", "text/xml")
    binary = {"Content-Type": "application/octet-stream"}
    answer = requests.post(f"{mock.url}/bytes", data=b"\x00\xff", headers=binary, timeout=5)
    assert answer.content == b"\xff\x00"
    assert mock.outcome().kept


def test_paths_and_queries_are_what_the_client_sends(mock: Mock) -> None:
    """A path is compared percent-encoded; a query value that looks like JSON stays text."""
    mock.expect("x").get("/café/a b", query={"filter": '{"a": 1}', "n": [1, 2]}).reply(200)
    requests.get(f"{mock.url}/café/a b", params={"filter": '{"a": 1}', "n": ["1", "2"]}, timeout=5)
    assert mock.outcome().kept, mock.outcome()


@pytest.mark.parametrize(
    ("declare", "reason"),
    [
        pytest.param(
            lambda m: m.expect("x").get("/x").reply(200, json=float("nan")), "json is nan", id="NaN"
        ),
        pytest.param(
            lambda m: m.expect("x").get("/x").reply(200, json={"a": [decimal.Decimal(1)]}),
            r"json\.a\[0\] is Decimal\('1'\), a Decimal: JSON has no such thing",
            id="Decimal",
        ),
        pytest.param(
            lambda m: m.expect("x").get("/x").reply(200, json=date(2026, 1, 1)), "a date", id="date"
        ),
        pytest.param(lambda m: m.expect("x").get("/x").reply(200, json=2**64), "beyond 64 bits", id="huge"),
        pytest.param(lambda m: m.expect("x").get("/x").reply(200, json={1: 2}), "must be a string", id="key"),
        pytest.param(
            lambda m: m.expect("x").get("/x").reply(200, json={"pact:a": 2}), "'pact:'", id="pact key"
        ),
        pytest.param(lambda m: m.expect("x\0y"), "the description holds a NUL", id="NUL"),
        pytest.param(lambda m: m.expect("\ud800"), "surrogate", id="surrogate"),
        pytest.param(lambda m: m.expect(" "), "needs a description", id="no words"),
        pytest.param(lambda m: m.given(""), "needs a name", id="no state"),
        pytest.param(lambda m: m.given("s", a=like(1)), "must be plain values", id="matcher in a state"),
        pytest.param(lambda m: m.expect("x").get("x"), "must begin with '/'", id="path"),
        pytest.param(
            lambda m: m.expect("x").get("/x?a=1"), "give the query as query=", id="query in the path"
        ),
        pytest.param(lambda m: m.expect("x").get("/x", query={"a": []}), "an empty list", id="empty list"),
        pytest.param(lambda m: m.expect("x").get("/x", query={"a": None}), "give the text", id="query None"),
        pytest.param(lambda m: m.expect("x").get("/x", query={"a": True}), "give the text", id="query bool"),
        pytest.param(
            lambda m: m.expect("x").get("/x", headers={"a b": ""}), "not a header name", id="header"
        ),
        pytest.param(
            lambda m: m.expect("x").get("/x", headers={"a": "b\nc"}), "line break", id="header value"
        ),
        pytest.param(
            lambda m: m.expect("x").get("/x", headers={"A": "1", "a": "2"}), "given twice", id="header twice"
        ),
        pytest.param(lambda m: m.expect("x").post("/x", json=1, body="1"), "not both", id="two bodies"),
        pytest.param(lambda m: m.expect("x").post("/x", body=""), "leave it out", id="empty body"),
        pytest.param(
            lambda m: m.expect("x").post("/x", json=1, headers={"Content-Type": "text/xml"}),
            "give the text as body=",
            id="content type",
        ),
        pytest.param(lambda m: m.expect("x").get("/x").reply(99), "from 100 to 599", id="status"),
        pytest.param(lambda m: m.expect("x").get("/x").reply(True), "not an HTTP status", id="status bool"),
        pytest.param(lambda m: m.expect("x").get("/x").get("/y"), "already has its GET", id="two requests"),
        pytest.param(lambda m: m.expect("x").reply(200), "declare the request", id="no request"),
        pytest.param(lambda m: m.expect("x").get("/x").given("s"), "before the request", id="late state"),
        pytest.param(lambda m: m.expect("x").expect("y"), "already 'x'", id="two descriptions"),
        pytest.param(lambda m: m.given("s").get("/x"), "say what is expected", id="no description"),
    ],
)
def test_what_a_contract_cannot_hold_is_refused(
    mock: Mock, declare: Callable[[Mock], object], reason: str
) -> None:
    """What the core would change, cut or drop without a word is an error where it is said."""
    with pytest.raises(DeclarationError, match=reason):
        declare(mock)


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("(", "is not one: missing"),
        ("[[a]", "is not one: Possible nested set"),
        ("(?P<n>a)", "names a group"),
        ("^b$", "the example 'a' of json does not match its own regex"),
    ],
)
def test_a_regex_must_mean_the_same_to_the_core(mock: Mock, pattern: str, reason: str) -> None:
    """An expression that Python or the core does not understand, or that misses its own example, is refused."""
    with pytest.raises(DeclarationError, match=re.escape(reason)):
        mock.expect("x").get("/x").reply(200, json=regex(pattern, "a"))


@pytest.mark.parametrize(
    "declare",
    [
        lambda m: m.given("a").given("b").expect("x").get("/x").reply(200),
        lambda m: m.given("a", id=1).expect("x").get("/x").reply(200),
        lambda m: m.expect("x").get("/x").reply(200, json=match.uuid()),
    ],
)
def test_what_specification_2_cannot_hold_is_refused(declare: Callable[[Mock], object]) -> None:
    """Several states, parameters of a state and generated examples need a newer specification."""
    with pytest.raises(DeclarationError, match="specification 2"):
        declare(mock_of(2))


def test_one_test_gives_each_interaction_its_own_words(mock: Mock) -> None:
    """The core would keep only the last of two interactions of one description; the same twice is fine."""
    mock.expect("x").get("/x").reply(200)
    mock.expect("x").get("/x").reply(200)
    with pytest.raises(DeclarationError, match="declared differently at"):
        mock.given("s").expect("x").get("/x").reply(404)
    assert interaction_of(mock)["response"]["status"] == 200


def test_one_mock_cannot_answer_the_same_request_twice(mock: Mock) -> None:
    """Two interactions with the same request belong into two tests."""
    mock.given("there").expect("found").get("/x").reply(200)
    mock.given("not there").expect("missing").get("/x").reply(404)
    with pytest.raises(DeclarationError, match=r'"found" .* and "missing" .* declare the same request'):
        assert mock.url


def test_an_interaction_may_be_declared_while_the_mock_listens(mock: Mock) -> None:
    """A later declaration is served at the same address, to open connections too, and earlier requests count."""
    url = mock.url
    with requests.Session() as session:
        for name in ("first", "second", "third"):
            mock.expect(name).get(f"/{name}").reply(200, json=name)
            assert session.get(f"{url}/{name}", timeout=5).json() == name
    assert mock.outcome().kept
    (document,) = mock.documents()
    assert len(document["interactions"]) == 3


def test_after_a_fork_the_core_is_not_used() -> None:
    """A forked process is told that the core would hang in it."""
    mock_of(4)
    child = os.fork()
    if not child:
        try:
            mock_of(4)
        except RuntimeError as error:
            os._exit(0 if "forked" in str(error) else 1)
        os._exit(1)
    assert os.waitpid(child, 0)[1] == 0


def test_what_has_no_short_form_is_declared_on_the_pact_underneath(mock: Mock) -> None:
    """`.pact` is the `pact.Pact` that is served and recorded under the names of the participants."""
    mock.pact.upon_receiving("raw").with_request("GET", "/raw").will_respond_with(200)
    assert requests.get(f"{mock.url}/raw", timeout=5).status_code == 200
    (document,) = mock.documents()
    assert document["consumer"] == {"name": "checkout"}
    assert json.dumps(document).count('"raw"') == 1
    assert mock.outcome().kept


def test_a_closed_mock_no_longer_listens(mock: Mock) -> None:
    """The port is free as soon as the test is over."""
    url = mock.url
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", url)
    mock.close()
    with pytest.raises(requests.ConnectionError):
        requests.get(url, timeout=5)


def test_threads_find_the_mock_at_one_address() -> None:
    """Whichever thread is the first to ask, all of them get to the same mock."""
    for _ in range(20):
        mock, barrier = mock_of(), threading.Barrier(8)

        def ask(mock: Mock = mock, barrier: threading.Barrier = barrier) -> str:
            barrier.wait()
            return mock.url

        with ThreadPoolExecutor(8) as pool:
            addresses = {asked.result() for asked in [pool.submit(ask) for _ in range(8)]}
        mock.close()
        assert len(addresses) == 1
