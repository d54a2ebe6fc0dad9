"""What holds for every address of the API."""

from typing import NoReturn

import pytest
from flask import Flask, url_for
from sqlalchemy.orm import Session, sessionmaker

from api_client import ApiClient
from tallystick_broker import db
from tallystick_broker.api.index import RELATIONS
from tallystick_broker.app import build
from tallystick_broker.config import Config

DOCUMENTS = "application/hal+json, application/problem+json"


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


def test_what_needs_no_database_is_answered_without_one() -> None:
    """Index and heartbeat answer while the database is away, and the check of what is needed tells of it."""
    engine = db.connect("postgresql://nobody@127.0.0.1:1/none")
    client = ApiClient(build(Config(), db.sessions(engine)))
    assert client.get("/").status_code == 200
    assert client.get("/diagnostic/status/heartbeat").status_code == 200
    answer = client.get("/diagnostic/status/dependencies")
    assert (answer.status_code, answer.json["database"]) == (500, {"ok": False})


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


FORWARDED = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "pacts.example, proxy"}
BASES = "https://broker.example http://localhost https://pacts.example/contracts"


@pytest.mark.parametrize(
    ("config", "headers", "base"),
    [
        (Config(), FORWARDED, "http://localhost"),
        (Config(trust_forwarded_headers=True), FORWARDED, "https://pacts.example"),
        (Config(trust_forwarded_headers=True), {"X-Forwarded-Host": "h:8443"}, "http://h:8443"),
        (Config(trust_forwarded_headers=True), {"X-Forwarded-Host": "evil/path"}, "http://localhost"),
        (Config(trust_forwarded_headers=True), {"X-Forwarded-Host": "u@h"}, "http://localhost"),
        (
            Config(trust_forwarded_headers=True),
            {"X-Forwarded-Proto": "javascript", "X-Forwarded-Host": "h"},
            "http://localhost",
        ),
        (Config(base_url="https://broker.example"), FORWARDED, "https://broker.example"),
        (Config(base_url=BASES), FORWARDED, "https://pacts.example/contracts"),
        (Config(base_url=BASES), {}, "http://localhost"),
        (Config(base_url=BASES), {"Host": "evil.example"}, "https://broker.example"),
    ],
)
def test_links_begin_with_an_address_that_is_trusted(
    app: Flask, config: Config, headers: dict[str, str], base: str
) -> None:
    """A client can claim any host; only those configured, or forwarded by a proxy to be trusted, get into links."""
    app.config["TALLYSTICK"] = config
    answer = ApiClient(app).get("/pacticipants", headers=headers).json
    assert answer["_links"]["self"]["href"] == f"{base}/pacticipants"


def test_an_unknown_address_is_not_found(client: ApiClient) -> None:
    """There is no page of HTML for a client of the API, nor a redirect."""
    answer = client.get("/none")
    assert (answer.status_code, answer.mimetype) == (404, "application/hal+json")
    assert answer.json["error"]


@pytest.mark.parametrize("path", ["/pacticipants/", "/pacticipants.json"])
def test_a_slash_at_the_end_and_a_suffix_mean_nothing(client: ApiClient, path: str) -> None:
    """People write addresses with a slash at the end, or with the type's suffix (a rule of the Pact Broker)."""
    answer = client.get(path, headers={"Accept": "image/png"} if ".json" in path else {})
    assert (answer.status_code, answer.mimetype) == (200, "application/hal+json")


def test_files_keep_their_suffix(client: ApiClient) -> None:
    """The suffix of a static file is part of its name."""
    with client.get("/static/logo.svg") as answer:
        assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")


@pytest.mark.parametrize("path", ["/pacticipants//versions", "/pacticipants/a//"])
def test_an_empty_segment_is_no_address(client: ApiClient, path: str) -> None:
    """Two slashes next to each other are most likely a name that was left empty."""
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
    assert answer.json["type"] == "http://localhost/problem/not-found"


@pytest.mark.parametrize("path", ["/pacticipants/a%0Ab", "/pacticipants/a%09b", "/pacticipants/a%0Db"])
def test_a_name_on_several_lines_is_refused(client: ApiClient, path: str) -> None:
    """A line feed or tab in an address is an accident."""
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert answer.json["type"] == "http://localhost/problem/invalid-request-parameter-value"


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("application/json", "application/json"),
        ("application/json, */*", "application/json"),
        ("application/hal+json, application/json", "application/hal+json"),
        ("application/xml;q=0.9, application/hal+json;q=0.8", "application/hal+json"),
        ("application/json;q=0.5, application/hal+json;q=0.4", "application/json"),
        ("*/*", "application/hal+json"),
        ("text/html, application/json", "application/json"),
    ],
)
def test_an_answer_is_of_a_type_that_was_asked_for(client: ApiClient, accept: str, media_type: str) -> None:
    """HAL is JSON, so who asks for plain JSON gets the same under that name."""
    answer = client.get("/pacticipants", headers={"Accept": accept})
    assert answer.headers["Content-Type"] == f"{media_type};charset=utf-8"


@pytest.mark.parametrize("accept", ["application/xml, application/problem+json", "text/csv"])
def test_a_type_that_there_is_not_is_refused(client: ApiClient, accept: str) -> None:
    """When nothing fits there is no body, and what a refused request would have changed is as it was."""
    answer = client.post("/pacticipants", json={"name": "a"}, headers={"Accept": accept})
    assert (answer.status_code, answer.data) == (406, b"")
    assert client.get("/pacticipants/a").status_code == 404


def test_a_page_that_is_none_is_refused_before_what_is_not_there(client: ApiClient) -> None:
    """What can't be read in an address is 400, whether or not the address leads anywhere."""
    assert client.get("/pacticipants/none/versions?page=0").status_code == 400
    assert client.get("/pacticipants/none/versions").status_code == 404


def test_a_method_that_is_not_there_is_refused(client: ApiClient) -> None:
    """The answer lists the methods that there are, and has no body."""
    answer = client.delete("/environments")
    assert (answer.status_code, answer.data, answer.mimetype) == (405, b"", None)
    assert {"GET", "POST", "OPTIONS"} <= set(answer.headers["Allow"].split(", "))


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", None])
def test_a_body_of_another_type_is_refused(client: ApiClient, content_type: str | None) -> None:
    """The answer's Accept header says which types would be taken (RFC 9110, 15.5.16)."""
    answer = client.post("/pacticipants", data="{}", content_type=content_type)
    assert (answer.status_code, answer.data) == (415, b"")
    assert answer.headers["Accept"] == "application/json"


def test_a_patch_of_another_type_is_refused(client: ApiClient) -> None:
    """For PATCH the header is Accept-Patch (RFC 5789, 3.1)."""
    answer = client.patch("/pacticipants/a", data="{}", content_type="text/plain")
    assert answer.status_code == 415
    assert answer.headers["Accept-Patch"] == "application/json, application/merge-patch+json"


@pytest.mark.parametrize(
    ("method", "path", "status", "kind"),
    [
        ("GET", "/none", 404, "not-found"),
        ("GET", "/pacticipants/none", 404, "not-found"),
        ("DELETE", "/environments", 405, "method-not-allowed"),
        ("POST", "/pacticipants", 415, "unsupported-media-type"),
    ],
)
def test_an_error_may_be_a_problem_document(
    client: ApiClient, method: str, path: str, status: int, kind: str
) -> None:
    """Who accepts problem+json (RFC 9457) gets every error as a document whose type says which it is."""
    answer = client.open(path, method=method, data="{}", headers={"Accept": DOCUMENTS})
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    document = answer.get_json()
    assert document["type"] == f"http://localhost/problem/{kind}"
    assert document["status"] == status
    assert document["detail"]


def test_a_problem_document_points_at_each_fault(client: ApiClient) -> None:
    """Pointers (RFC 6901) lead into the body, in the order in which the resource describes its members."""
    body = {"contacts": [{}, {"name": 1}], "name": ""}
    answer = client.post("/environments", json=body, headers={"Accept": DOCUMENTS})
    assert answer.json["type"] == "http://localhost/problems/validation-error"
    places = [(each["pointer"], each["type"].rpartition("/")[2]) for each in answer.json["errors"]]
    assert places == [
        ("/name", "invalid-body-property-value"),
        ("/production", "missing-body-property"),
        ("/contacts/0/name", "missing-body-property"),
        ("/contacts/1/name", "invalid-body-property-value"),
    ]


def test_a_broken_body_is_refused_before_anything_else(client: ApiClient) -> None:
    """What can't be read is 400, whether or not the address leads anywhere (the order of the Pact Broker)."""
    answer = client.put("/environments/none", data="{", content_type="application/json")
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/", {"GET", "HEAD", "OPTIONS"}),
        ("/pacticipants", {"GET", "HEAD", "POST", "OPTIONS"}),
        ("/pacticipants/none", {"GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"}),
        ("/contracts/publish", {"POST", "OPTIONS"}),
    ],
)
def test_options_says_what_can_be_done(client: ApiClient, path: str, methods: set[str]) -> None:
    """OPTIONS answers with the methods of the address, whether or not what it names exists."""
    answer = client.options(path)
    assert (answer.status_code, answer.data) == (200, b"")
    assert set(answer.headers["Access-Control-Allow-Methods"].split(", ")) == methods


def test_an_answer_without_a_body_has_no_type(client: ApiClient) -> None:
    """204 says nothing of a type, least of all HTML."""
    client.post("/pacticipants", json={"name": "a"})
    answer = client.delete("/pacticipants/a")
    assert answer.status_code == 204
    assert "Content-Type" not in answer.headers


def test_an_error_of_ours_shows_nothing_of_the_inside(session_factory: sessionmaker[Session]) -> None:
    """A fault in the broker is a 500 with a reference that the log has too, never a stack trace."""
    app = build(Config(), session_factory)

    def break_down() -> NoReturn:
        raise RuntimeError("password=secret")

    app.add_url_rule("/broken", view_func=break_down)
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


def test_no_address_is_made_from_a_rule(app: Flask) -> None:
    """Werkzeug would compile functions for that, which takes longer than the rest of a broker's start."""
    with app.test_request_context(), pytest.raises(RuntimeError, match="links"):
        url_for("index.index_show")
