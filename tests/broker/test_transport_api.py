"""What holds for every address of the API."""

from typing import NoReturn

import pytest
from flask import Flask

from api_client import ApiClient
from tallystick_broker.api.index import RELATIONS


def test_the_index_has_all_relations(client: ApiClient) -> None:
    """Clients begin here and find what they need by the names of links, each an absolute address."""
    answer = client.get("/")
    assert answer.headers["Content-Type"] == "application/hal+json;charset=utf-8"
    links = answer.json["_links"]
    assert set(RELATIONS) < set(links)
    assert all(links[relation]["href"].startswith("http://localhost/") for relation in RELATIONS)
    assert all(links[relation]["templated"] is ("{" in links[relation]["href"]) for relation in RELATIONS)


def test_the_heart_beats(client: ApiClient) -> None:
    """Load balancers ask whether the broker answers at all."""
    answer = client.get("/diagnostic/status/heartbeat")
    assert (answer.status_code, answer.json["ok"]) == (200, True)


def test_every_answer_says_what_it_is_from(client: ApiClient) -> None:
    """Answers carry the broker's version, depend on Accept, and are not to be cached."""
    for path in ("/", "/none"):
        headers = client.get(path).headers
        assert headers["X-Pact-Broker-Version"]
        assert headers["Vary"] == "Accept"
        assert headers["Cache-Control"] == "no-cache"
        assert not [name for name, _ in headers if "pactflow" in name.lower()]


def test_links_follow_the_address_that_was_asked(client: ApiClient) -> None:
    """Without a configured base URL, links lead to where the client found the broker."""
    answer = client.get("/pacticipants", base_url="http://broker.example:8080").json
    assert answer["_links"]["self"]["href"] == "http://broker.example:8080/pacticipants"


@pytest.mark.parametrize("path", ["/none", "/pacticipants/", "/pacticipants//versions"])
def test_an_unknown_address_is_not_found(client: ApiClient, path: str) -> None:
    """There is no page of HTML for a client of the API, nor a redirect."""
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (404, "application/hal+json")
    assert answer.json["error"]


def test_a_method_that_is_not_there_is_refused(client: ApiClient) -> None:
    """The answer lists the methods that there are."""
    answer = client.delete("/environments")
    assert answer.status_code == 405
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))


def test_an_error_of_ours_shows_nothing_of_the_inside(app: Flask) -> None:
    """A fault in the broker is a 500 with a reference that the log has too, never a stack trace."""

    def break_down() -> NoReturn:
        raise RuntimeError("password=secret")

    app.add_url_rule("/broken", view_func=break_down)
    app.testing = False
    answer = ApiClient(app).get("/broken")
    assert answer.status_code == 500
    assert answer.json["error"]["reference"]
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/pacticipants/%00",
        "/pacts/provider/%00/for-verification",
        "/matrix?q[][pacticipant]=%00",
        "/can-i-deploy?pacticipant=%00&version=1&environment=prod",
        "/environments?name=%00",
    ],
)
def test_nothing_has_nul_in_its_name(client: ApiClient, path: str) -> None:
    """PostgreSQL keeps NUL in no text, so an address with it is the client's mistake."""
    assert 400 <= client.get(path).status_code < 500


@pytest.mark.parametrize(
    "body",
    ['{"name": "a\\u0000"}', '{"name": "a\\ud800"}', '{"name": "a", "repositoryUrl": "https://x/\\ud800"}'],
)
def test_what_can_not_be_stored_is_refused(client: ApiClient, body: str) -> None:
    """JSON can spell what no database keeps as a text; that is a 400 and nothing is stored."""
    answer = client.post("/pacticipants", data=body, content_type="application/json")
    assert answer.status_code == 400
    assert client.get("/pacticipants").json["pacticipants"] == []
