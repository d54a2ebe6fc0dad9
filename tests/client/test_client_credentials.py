"""The URL and the credentials of a broker."""

from base64 import b64encode

import pytest

from scripted_server import ScriptedServer
from tallystick_client import Broker, BrokerError, InvalidInput

SECRET = "s3cr3t-w0rd"


@pytest.mark.parametrize(
    "url", ["https://broker.example.org", "https://broker.example.org/", " http://b/pact// "]
)
def test_a_base_url_loses_what_is_around_it(url: str) -> None:
    """Blanks and slashes around the base URL do not matter."""
    assert Broker(url).url == url.strip().rstrip("/")


@pytest.mark.parametrize(
    "url",
    [
        "broker.example.org",
        "ftp://broker",
        "http://",
        "",
        "http://b?x=1",
        "http://b#x",
        "http://[::1",
        "http://b:abc",
        "http://b:99999",
    ],
)
def test_another_kind_of_url_is_refused(url: str) -> None:
    """What is no plain http(s) URL is refused before anything is sent."""
    with pytest.raises(InvalidInput, match="not the URL of a broker"):
        Broker(url)


def test_credentials_in_the_url_are_refused_without_repeating_them() -> None:
    """A URL shows up in messages, so it must not hold credentials."""
    with pytest.raises(InvalidInput, match="PACT_BROKER_USERNAME") as caught:
        Broker(f"https://joe:{SECRET}@broker.example.org")
    assert SECRET not in str(caught.value)


def test_a_token_beside_a_password_is_refused() -> None:
    """Two ways to log in are one too many; the message names the variables and no secret."""
    with pytest.raises(InvalidInput, match="Both a token and a username") as caught:
        Broker("http://b", username="joe", password=SECRET, token=SECRET)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    ("username", "password", "missing"), [("joe", "", "PASSWORD"), (None, SECRET, "USERNAME")]
)
def test_half_a_login_is_refused(username: str | None, password: str | None, missing: str) -> None:
    """A username needs a password and the other way round: often a pipeline's secret is not set."""
    with pytest.raises(InvalidInput, match=f"PACT_BROKER_{missing} is missing") as caught:
        Broker("http://b", username=username, password=password)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("token", [f"{SECRET} x", f"{SECRET}\r\nX-Evil: 1", f"{SECRET}é"])
def test_a_token_that_no_header_can_hold_is_refused(token: str) -> None:
    """A token with spaces or line breaks inside was not copied whole, and is not repeated in the message."""
    with pytest.raises(InvalidInput, match="Was it copied whole") as caught:
        Broker("http://b", token=token)
    assert SECRET not in str(caught.value)


def test_the_representation_of_a_broker_shows_no_secret() -> None:
    """Neither a broker nor what it holds shows credentials when printed."""
    broker = Broker("http://b", username="joe", password=SECRET)
    assert repr(broker) == "Broker('http://b')"
    assert SECRET not in f"{vars(broker)} {vars(broker._transport)}"


def test_a_token_is_sent_as_bearer(server: ScriptedServer) -> None:
    """A token goes into the Authorization header (RFC 6750); a line break after it does not matter."""
    server.answer_json({"_links": {"pb:environments": {"href": "/environments"}}})
    with Broker(server.url, token=f"{SECRET}\n") as broker, pytest.raises(BrokerError):
        broker.environments()
    assert {asked.headers["Authorization"] for asked in server.asked} == {f"Bearer {SECRET}"}


def test_name_and_password_are_sent_as_utf_8(server: ScriptedServer) -> None:
    """A name with its password goes into the Authorization header as UTF-8 (RFC 7617)."""
    with Broker(server.url, username="jöe", password="pä:ss") as broker, pytest.raises(BrokerError):
        broker.environments()
    assert server.asked[0].headers["Authorization"] == "Basic " + b64encode("jöe:pä:ss".encode()).decode()


def test_no_other_credentials_are_looked_for(
    server: ScriptedServer, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without credentials none are sent, not even those of a .netrc file."""
    netrc = tmp_path_factory.mktemp("home") / "netrc"
    netrc.write_text(f"machine 127.0.0.1 login joe password {SECRET}\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(netrc))
    with Broker(server.url) as broker, pytest.raises(BrokerError):
        broker.environments()
    assert "Authorization" not in server.asked[0].headers


def test_the_environment_names_the_broker(monkeypatch: pytest.MonkeyPatch, server: ScriptedServer) -> None:
    """URL and credentials are taken from the Pact Broker's variables; blank ones count as not set."""
    monkeypatch.setenv("PACT_BROKER_BASE_URL", server.url)
    monkeypatch.setenv("PACT_BROKER_TOKEN", SECRET)
    monkeypatch.setenv("PACT_BROKER_USERNAME", "")
    monkeypatch.setenv("PACT_BROKER_PASSWORD", "")
    with Broker.from_environment() as broker, pytest.raises(BrokerError):
        broker.environments()
    assert server.asked[0].headers["Authorization"] == f"Bearer {SECRET}"


def test_an_environment_without_a_broker_says_which_variable_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without URL the message names the variable."""
    monkeypatch.delenv("PACT_BROKER_BASE_URL", raising=False)
    with pytest.raises(InvalidInput, match="set PACT_BROKER_BASE_URL"):
        Broker.from_environment()


def test_retries_of_the_environment_must_be_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that cannot be read is an error, not a default."""
    monkeypatch.setenv("PACT_BROKER_HTTP_RETRIES", "many")
    with pytest.raises(InvalidInput, match="whole number, not 'many'"):
        Broker.from_environment("http://b")
