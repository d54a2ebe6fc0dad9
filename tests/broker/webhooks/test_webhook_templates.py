"""Parameters in the requests of webhooks, and what is hidden of them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick_broker.webhooks.templates import Request, fill, is_hidden, redact, uses

URL = "https://ci.example.org"
NAME = "${pactbroker.consumerName}"


def test_values_are_filled_in_everywhere() -> None:
    """The address, headers, credentials and body may all have parameters."""
    request = Request("POST", f"{URL}/{NAME}", {"x-name": NAME}, {"name": [NAME]}, NAME, f"a{NAME}")
    filled = fill(request, {"consumerName": "web"})
    assert filled == Request("POST", f"{URL}/web", {"x-name": "web"}, {"name": ["web"]}, "web", "aweb")


def test_what_has_no_value_is_empty_and_what_is_unknown_stays() -> None:
    """A parameter without a value is the empty text; a word that is no parameter is left alone."""
    body = f"{NAME}|${{pactbroker.sunrise}}|${{other.consumerName}}"
    assert fill(Request("POST", URL, {}, body), {}).body == "|${pactbroker.sunrise}|${other.consumerName}"


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_no_value_breaks_out_of_where_it_stands(value: str) -> None:
    """Whatever a name holds, the body stays the same JSON document and the address keeps its path."""
    request = Request("POST", f"{URL}/{NAME}/builds", {}, {"name": NAME, "other": 1})
    filled = fill(request, {"consumerName": value})
    assert filled.body == {"name": value, "other": 1}
    assert filled.url.startswith(f"{URL}/")
    assert filled.url.count("/") == request.url.count("/")
    json.dumps(filled.body)


def test_secrets_are_hidden() -> None:
    """Passwords and headers that look like credentials are shown as stars; those made of parameters are shown."""
    headers = {"authorization": "Bearer abc", "x-auth-token": NAME, "accept": "text/plain"}
    shown = redact(Request("POST", URL, headers, password="secret"))
    assert shown.headers == {"authorization": "**********", "x-auth-token": NAME, "accept": "text/plain"}
    assert shown.password == "**********"
    assert redact(Request("POST", URL, password=NAME)).password == NAME


@pytest.mark.parametrize(
    ("text", "expected"), [("*", True), ("**********", True), ("", False), ("*a", False)]
)
def test_stars_alone_stand_for_a_secret(text: str, expected: bool) -> None:
    """Clients send back what they were shown; that is not a new secret."""
    assert is_hidden(text) is expected


def test_parameters_in_use_are_found() -> None:
    """A parameter may be in the address or anywhere in the body."""
    assert uses(f"{URL}/{NAME}", None, "consumerName")
    assert uses(URL, {"a": [NAME]}, "consumerName")
    assert not uses(URL, {"a": NAME}, "providerName")
