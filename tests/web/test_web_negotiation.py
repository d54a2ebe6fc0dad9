"""Who gets a page, and who gets JSON."""

import pytest
from flask import Flask

from api_client import ApiClient
from story import Story
from tallystick_broker.config import Config
from tallystick_broker.web.negotiation import wants_page

CHROME = "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"


@pytest.mark.parametrize(
    ("method", "accept", "page"),
    [
        ("GET", CHROME, True),
        ("HEAD", "text/html", True),
        ("GET", "Text/HTML", True),
        ("GET", "", False),
        ("GET", "*/*", False),
        ("GET", "application/hal+json, */*", False),
        ("GET", "application/json", False),
        ("GET", "text/html, application/json", False),
        ("GET", "text/plain", False),
        ("POST", CHROME, False),
    ],
)
def test_only_browsers_that_read_get_pages(method: str, accept: str, page: bool) -> None:
    """A page is for who reads, accepts HTML, and accepts none of the API's types."""
    assert wants_page(method, accept) is page


def test_one_address_answers_both(client: ApiClient, visitor: ApiClient) -> None:
    """The root is the API's index to a program, and the list of integrations to a browser."""
    assert "_links" in client.get("/").json
    answer = visitor.get("/")
    assert answer.mimetype == "text/html"
    assert "Accept" in answer.headers["Vary"]


def test_an_address_without_a_page_answers_json(visitor: ApiClient, story: Story) -> None:
    """A browser that asks for what has no page gets the API's answer."""
    story.participant("api")
    answer = visitor.get("/metrics")
    assert (answer.mimetype, answer.json["pacticipants"]["count"]) == ("application/hal+json", 1)


@pytest.mark.parametrize("path", ["/%page/", "/%25page/", "/%2525page/"])
def test_the_pages_have_no_second_address(visitor: ApiClient, path: str) -> None:
    """Where the pages are inside can't be asked for."""
    assert visitor.get(path).status_code == 404


@pytest.mark.parametrize(
    ("path", "status", "text"),
    [
        ("/nonsense", 404, "Not Found"),
        ("/matrix/provider/api/consumer/nobody", 404, "No consumer with name &#39;nobody&#39; found"),
        ("/matrix/provider/api/consumer/api", 404, "api has no contract with api"),
        ("/matrix/provider/api/consumer/web?consumer_before=9", 404, "web has no version 9"),
        ("/pacticipants/nobody", 404, "nobody"),
        ("/?status=odd", 400, "status must be one of failed, stale, never, pending, verified, none"),
        ("/?page=0", 400, "page must be a number from 1"),
        ("/matrix/provider/api%00/consumer/web", 400, "An address can&#39;t have the character NUL"),
        ("/?q=%00", 400, "An address can&#39;t have the character NUL"),
    ],
)
def test_an_error_is_a_page(visitor: ApiClient, story: Story, path: str, status: int, text: str) -> None:
    """A browser reads what is wrong on a page, and what to do about it, with the status that the API gives."""
    story.publish("web", "1", "api")
    answer = visitor.get(path)
    assert (answer.status_code, answer.mimetype) == (status, "text/html")
    assert text in answer.text
    assert ("Look for it" if status == 404 else "Go back, change") in answer.text


def test_an_unexpected_error_is_a_page(
    app: Flask, visitor: ApiClient, caplog: pytest.LogCaptureFixture
) -> None:
    """What nobody foresaw shows a reference that the log has, and nothing of the inside."""
    app.testing = False
    app.extensions["tallystick"] = None
    answer = visitor.get("/")
    (record,) = (each for each in caplog.records if "reference" in each.message)
    assert answer.status_code == 500
    assert record.message.rpartition(" ")[2] in answer.text
    assert "NoneType" not in answer.text
    assert "tell who runs the broker" in answer.text


def test_every_answer_forbids_what_is_foreign(client: ApiClient, visitor: ApiClient) -> None:
    """Pages, JSON, errors and files alike carry the headers that keep scripts and frames out."""
    answers = (client.get("/"), visitor.get("/"), visitor.get("/x"), client.get("/static/base.css"))
    for answer in answers:
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        answer.close()


def test_links_keep_the_path_that_the_broker_is_reached_under(app: Flask, visitor: ApiClient) -> None:
    """Behind a proxy that serves the broker below a path, every link starts with that path."""
    app.config["TALLYSTICK"] = Config(base_url="https://example.org/contracts")
    text = visitor.get("/").text
    assert 'href="/contracts/static/base.css?v=' in text
    assert 'class="brand" href="/contracts/"' in text


def test_a_browser_that_reads_json_finds_the_icon(visitor: ApiClient) -> None:
    """Without a page to name the icon, browsers ask for it at the address that they always did."""
    answer = visitor.get("/favicon.ico")
    assert answer.mimetype == "image/svg+xml"
    answer.close()
