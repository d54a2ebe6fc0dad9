"""The broker, verified against what the Ruby client expects of one, with our own plugin: one test per interaction.

Run by `test_client_contracts.py`, which says where the contract is.
"""

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, urlencode

import pytest
from flask import Flask

import tallystick
from clients.ruby import states
from tallystick_broker.config import Config

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIEnvironment

ENVIRONMENT = states.TEST_ENVIRONMENT
VERSION = "/pacticipants/Foo/versions"
PLACES = (
    (r"-INDEX-PB-LATEST-TAGGED-VERSION-Condor-production", "/pacticipants/Condor/latest-version/production"),
    (r"-INDEX-PB-LATEST-VERSION-Condor", "/pacticipants/Condor/latest-version"),
    (r"-PB-WEBHOOKS", "/webhooks"),
    (r"(?:-INDEX)?-PB-PACTICIPANT-VERSION-Foo-(.+)", rf"{VERSION}/\1"),
    (r"-PB-ENVIRONMENTS", "/environments"),
    (r"-PB-ENVIRONMENT-(.+)", r"/environments/\1"),
    (
        r"-PB-RECORD-DEPLOYMENT-FOO-(.+)-TEST",
        rf"/pacticipants/Foo/versions/\1/deployed-versions/environment/{ENVIRONMENT}",
    ),
    (
        r"-PB-RECORD-RELEASE-FOO-(.+)-TEST",
        rf"/pacticipants/Foo/versions/\1/released-versions/environment/{ENVIRONMENT}",
    ),
    (r"-PB-PUBLISH-CONTRACTS", "/contracts/publish"),
    (r"-DEPLOYED-VERSION-(.+)", r"/deployed-versions/\1"),
    (r"-ENVIRONMENT-CURRENTLY-DEPLOYED-(.+)", r"/environments/\1/deployed-versions/currently-deployed"),
    (r"-PB-PACTICIPANT-BRANCH-Foo-main", "/pacticipants/Foo/branches/main"),
)
"""The consumer's tests do not know addresses, so they have placeholders where links would lead."""


class AsClientsSend:
    """WSGI middleware that asks what a client would: real addresses, and nested queries in their order."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> "Iterable[bytes]":
        """Pass the request on as a client sends it."""
        path, query = find_place(environ["PATH_INFO"]), order(environ["QUERY_STRING"])
        target = quote(path.encode("latin-1")) + (f"?{query}" if query else "")
        sent = {"PATH_INFO": path, "QUERY_STRING": query, "REQUEST_URI": target}
        return self.app(environ | sent, start_response)


def find_place(path: str) -> str:
    """Return the address that a placeholder stands for; any other address is what it is."""
    placeholder = re.fullmatch(r"/(?:HAL-REL-)?PLACEHOLDER(.+)", path)
    if not placeholder:
        return path
    found = ((re.fullmatch(pattern, placeholder[1]), place) for pattern, place in PLACES)
    return next(match.expand(place) for match, place in found if match)


def order(query: str) -> str:
    """Return the query with the members of each selector together again.

    The contract has them grouped by name, but in a nested query the order carries the meaning. The client sends
    versions with the first pacticipants, and says how to find a version of the last one.
    """
    pairs = parse_qsl(query, keep_blank_values=True)
    names = [value for key, value in pairs if key == "q[][pacticipant]"]
    versions = [value for key, value in pairs if key == "q[][version]"]
    others = [(key, value) for key, value in pairs if key not in {"q[][pacticipant]", "q[][version]"}]
    selectors = [
        [("q[][pacticipant]", name)] + ([("q[][version]", versions[index])] if index < len(versions) else [])
        for index, name in enumerate(names)
    ]
    members = [pair for selector in selectors for pair in selector]
    members += [pair for pair in others if pair[0].startswith("q[][")]
    return urlencode(members + [pair for pair in others if not pair[0].startswith("q[][")])


@pytest.fixture
def app(app: Flask) -> Flask:
    """The broker at the address that the client's tests have it at."""
    app.config["TALLYSTICK"] = Config(base_url="http://example.org")
    return app


def test_honours_what_the_client_expects(contract: tallystick.Contract, app: Flask) -> None:
    """The Ruby client gets what its own tests were promised."""
    contract.verify(AsClientsSend(app))
