"""HTTP basic authentication: who may read, who may write, and what is open to everybody."""

import base64
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from api_client import ApiClient
from story import Story
from tallystick_broker.config import Config
from tallystick_broker.errors import StartupError
from tallystick_broker.security.passwords import Password

ACCOUNTS = {
    "TALLYSTICK_BASIC_AUTH_USERNAME": "ci",
    "TALLYSTICK_BASIC_AUTH_PASSWORD": "s3cret: ü",
    "TALLYSTICK_BASIC_AUTH_READ_ONLY_USERNAME": "dev",
    "TALLYSTICK_BASIC_AUTH_READ_ONLY_PASSWORD": "r34d",
}
CI, DEV, NOBODY = ("ci", "s3cret: ü"), ("dev", "r34d"), None
BADGE = "/pacts/provider/api/consumer/web/latest/badge.svg"
HEARTBEAT = "/diagnostic/status/heartbeat"
FOR_VERIFICATION = "/pacts/provider/api/for-verification"


@pytest.fixture
def guarded(app: Flask, story: Story) -> Flask:
    """The application with an account that may write and one that may only read."""
    story.publish("web", "1", "api")
    return set_up(app)


def set_up(app: Flask, **settings: str) -> Flask:
    """Return the application, now with both accounts and these settings."""
    app.config["TALLYSTICK"] = configure(tuple(settings.items()))
    return app


@cache
def configure(settings: tuple[tuple[str, str], ...]) -> Config:
    """Return these settings and both accounts, whose passwords take a while to hash."""
    return Config.from_environment(ACCOUNTS | dict(settings))


def ask(app: Flask, method: str, path: str, account: tuple[str, str] | None, **others: Any) -> int:
    """The status that the account gets."""
    credentials: dict[str, Any] = {"auth": account} if account else {}
    return ApiClient(app).open(path, method=method, **credentials, **others).status_code


@pytest.mark.parametrize(
    ("method", "path", "writer", "reader", "nobody"),
    [
        ("GET", "/", 200, 200, 401),
        ("HEAD", "/pacticipants", 200, 200, 401),
        ("OPTIONS", "/pacticipants", 200, 200, 401),
        ("POST", FOR_VERIFICATION, 200, 200, 401),
        ("GET", BADGE, 200, 200, 401),
        ("GET", HEARTBEAT, 200, 200, 401),
        ("GET", "/none", 404, 404, 401),
        ("POST", "/pacticipants", 201, 401, 401),
        ("DELETE", "/integrations", 204, 401, 401),
        ("POST", "/none", 404, 401, 401),
    ],
)
def test_who_may_do_what(
    guarded: Flask, method: str, path: str, writer: int, reader: int, nobody: int
) -> None:
    """The writer may do everything; the reader may read, which to ask for pacts to verify is as well."""
    body = {"json": {"name": "new"}} if method == "POST" else {}
    found = [ask(guarded, method, path, account, **body) for account in (NOBODY, DEV, CI)]
    assert found == [nobody, reader, writer]


@pytest.mark.parametrize(
    ("setting", "open_to_all"),
    [
        ("TALLYSTICK_PUBLIC_READ", {"/", BADGE, HEARTBEAT}),
        ("TALLYSTICK_PUBLIC_BADGES", {BADGE}),
        ("TALLYSTICK_PUBLIC_HEARTBEAT", {HEARTBEAT}),
    ],
)
def test_what_is_public_needs_no_account(guarded: Flask, setting: str, open_to_all: set[str]) -> None:
    """READMEs and load balancers have no password; writing is never public."""
    set_up(guarded, **{setting: "true"})
    assert {
        path for path in ("/", BADGE, HEARTBEAT) if ask(guarded, "GET", path, NOBODY) == 200
    } == open_to_all
    assert ask(guarded, "POST", "/pacticipants", NOBODY, json={"name": "new"}) == 401


@pytest.mark.parametrize(
    "header",
    [
        None,
        "Bearer abc",
        "Basic",
        "Basic !!!",
        "Basic " + base64.b64encode(b"ci").decode(),
        "Basic " + base64.b64encode(b"ci:wrong").decode(),
        "Basic " + base64.b64encode(b"dev:s3cret: \xc3\xbc").decode(),
        "Basic " + base64.b64encode(b":").decode(),
        "Basic " + base64.b64encode(b"\xff:\xff").decode(),
    ],
)
def test_wrong_credentials_are_told_what_would_be_right(guarded: Flask, header: str | None) -> None:
    """Whatever is not an account's name and password is a 401 with a challenge, tokens too."""
    headers = {"Authorization": header} if header else {}
    answer = ApiClient(guarded).get("/", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith('Basic realm="')
    assert answer.json["error"]
    assert "s3cret" not in answer.text


def test_a_browser_is_asked_for_a_password(guarded: Flask) -> None:
    """The page of the error carries the challenge, too."""
    answer = ApiClient(guarded).get("/", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.mimetype) == (401, "text/html")
    assert answer.headers["WWW-Authenticate"].startswith("Basic")


def test_without_accounts_everybody_may_do_everything(client: ApiClient) -> None:
    """A broker on a laptop starts without any setting; what clients send for another one does not matter."""
    answer = client.post("/pacticipants", json={"name": "new"}, headers={"Authorization": "Bearer x"})
    assert answer.status_code == 201


@pytest.mark.parametrize("missing", sorted(ACCOUNTS))
def test_half_an_account_is_refused(missing: str) -> None:
    """A name without a password, or the other way round, would not protect what it was meant to."""
    environ = {name: text for name, text in ACCOUNTS.items() if name != missing}
    with pytest.raises(StartupError, match=f"^{missing} must be set, too") as caught:
        Config.from_environment(environ)
    assert "s3cret" not in str(caught.value)


def test_takes_the_reference_brokers_names() -> None:
    """Who moves from the Pact Broker keeps the settings."""
    config = Config.from_environment(
        {
            "PACT_BROKER_BASIC_AUTH_USERNAME": "ci",
            "PACT_BROKER_BASIC_AUTH_PASSWORD": "x",
            "PACT_BROKER_ALLOW_PUBLIC_READ": "true",
            "PACT_BROKER_ENABLE_PUBLIC_BADGE_ACCESS": "true",
            "PACT_BROKER_PUBLIC_HEARTBEAT": "true",
        }
    )
    assert config.basic_auth_username == "ci"
    assert config.basic_auth_password is not None
    assert config.basic_auth_password.is_("x")
    assert (config.public_read, config.public_badges, config.public_heartbeat) == (True, True, True)


def test_a_password_may_be_in_a_file(tmp_path: Path) -> None:
    """Orchestrators hand out secrets as files; a line feed at the end is not part of them."""
    file = tmp_path / "password"
    file.write_text("s3cret\n", encoding="utf-8")
    environ = {"TALLYSTICK_BASIC_AUTH_USERNAME": "ci", "TALLYSTICK_BASIC_AUTH_PASSWORD_FILE": str(file)}
    password = Config.from_environment(environ).basic_auth_password
    assert password is not None
    assert password.is_("s3cret")
    file.write_text("\n", encoding="utf-8")
    with pytest.raises(StartupError, match="which is empty"):
        Config.from_environment(environ)
    file.unlink()
    with pytest.raises(StartupError, match=r"_PASSWORD_FILE names .* which can't be read"):
        Config.from_environment(environ)


@pytest.mark.parametrize("environ", [{"TALLYSTICK_BASIC_AUTH_USERNAME": "a:b"}])
def test_a_name_with_a_colon_is_refused(environ: Mapping[str, str]) -> None:
    """The colon ends the name on its way (RFC 7617), so nobody could ever use it."""
    with pytest.raises(StartupError, match=re.escape("must not have a colon")):
        Config.from_environment(environ)


def test_a_password_is_not_kept() -> None:
    """Neither a printed setting nor what it holds has the text; the same password has another hash each time."""
    config = Config.from_environment(ACCOUNTS)
    assert "s3cret" not in repr(config)
    password = Password("s3cret")
    assert password.is_("s3cret")
    assert password.is_("s3cret")
    assert not password.is_("S3cret")
    assert "s3cret" not in str(vars(password))
    assert vars(password)["_hash"] != vars(Password("s3cret"))["_hash"]
