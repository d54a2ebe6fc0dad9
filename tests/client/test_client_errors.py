"""What the user is told when a broker does not do what it was asked."""

import socket

import pytest

from scripted_server import Answer, ScriptedServer
from tallystick_client import (
    Broker,
    BrokerError,
    BrokerRefused,
    BrokerUnreachable,
    NotABroker,
    NotAuthorized,
    NotFound,
)

SECRET = "s3cr3t-w0rd"


def test_an_unreachable_broker_is_named_without_the_secret(closed_url: str) -> None:
    """The message says where the broker was looked for and which variable that is from."""
    broker = Broker(closed_url, username="joe", password=SECRET, retries=0)
    with broker, pytest.raises(BrokerUnreachable, match="PACT_BROKER_BASE_URL") as caught:
        broker.environments()
    assert closed_url in str(caught.value)
    assert SECRET not in f"{caught.value} {caught.value.__cause__!r}"


def test_a_silent_broker_is_not_waited_for_for_ever() -> None:
    """When no answer comes in time the message says how long it was waited for."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with Broker(url, timeout=0.05) as broker, pytest.raises(BrokerUnreachable, match=r"within 0\.05 sec"):
            broker.environments()


def test_who_gives_no_credentials_is_told_where_to_give_them(server: ScriptedServer) -> None:
    """401 without credentials names the variables."""
    server.answer(Answer(401))
    with Broker(server.url) as broker, pytest.raises(NotAuthorized, match="Set PACT_BROKER_USERNAME and"):
        broker.environments()


@pytest.mark.parametrize(
    ("status", "given", "text"),
    [
        (401, (None, None, SECRET), "does not accept the token"),
        (401, ("joe", SECRET, None), "does not accept the username and password"),
        (403, (None, None, SECRET), "does not allow this with the token"),
    ],
)
def test_credentials_that_do_not_open_are_named_by_kind(
    server: ScriptedServer, status: int, given: tuple[str | None, ...], text: str
) -> None:
    """401 and 403 say which kind of credentials did not do, and never the credentials."""
    server.answer(Answer(status))
    username, password, token = given
    broker = Broker(server.url, username=username, password=password, token=token)
    with broker, pytest.raises(NotAuthorized, match=text) as caught:
        broker.environments()
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("status", [400, 409, 422])
def test_a_refusal_says_what_the_broker_says(server: ScriptedServer, status: int) -> None:
    """The broker's texts are in the message and in `errors`, with the name of the field."""
    server.answer_json({"errors": {"name": ["is taken"]}}, status)
    with Broker(server.url) as broker, pytest.raises(BrokerRefused, match="name: is taken") as caught:
        broker.environments()
    assert (caught.value.status, caught.value.errors) == (status, ("name: is taken",))


def test_a_refusal_in_plain_text_is_shown(server: ScriptedServer) -> None:
    """The Pact Broker answers some conflicts in plain text."""
    server.answer(Answer(409, "There is a participant of nearly this name.", {"Content-Type": "text/plain"}))
    with Broker(server.url) as broker, pytest.raises(BrokerRefused, match="nearly this name"):
        broker.environments()


def test_what_is_not_found_is_an_error_of_its_own(server: ScriptedServer) -> None:
    """404 can be told from other refusals."""
    server.answer_json({"error": "No provider with name 'X' found"}, 404)
    with Broker(server.url) as broker, pytest.raises(NotFound, match="No provider with name 'X'"):
        broker.environments()


@pytest.mark.parametrize(
    "answer",
    [
        Answer(200, "<html>Welcome</html>", {"Content-Type": "text/html"}),
        Answer(200, "[]"),
        Answer(200, ""),
        Answer(200, "[" * 100_000),
    ],
)
def test_another_server_is_not_taken_for_a_broker(server: ScriptedServer, answer: Answer) -> None:
    """An answer that is no JSON object raises the question whether this is a broker."""
    server.answer(answer)
    with Broker(server.url) as broker, pytest.raises(NotABroker, match="really the URL of a broker"):
        broker.environments()


def test_a_document_of_another_shape_is_an_error(server: ScriptedServer) -> None:
    """A JSON object that is no index, or no list of environments, ends in a message and not in a traceback."""
    with Broker(server.url) as broker, pytest.raises(NotABroker, match="unexpected shape"):
        broker.environments()


def test_a_redirect_is_not_followed(server: ScriptedServer) -> None:
    """The credentials are not carried along; the message says where the broker seems to be."""
    target = f"{server.url}/elsewhere"
    server.answer(Answer(302, headers={"Location": target}))
    with Broker(server.url, token=SECRET) as broker, pytest.raises(NotABroker, match=target):
        broker.environments()
    assert len(server.asked) == 1


def test_a_contract_of_another_consumer_is_not_published(server: ScriptedServer) -> None:
    """What could not be stored is refused before it is sent."""
    document = {"consumer": {"name": "Other"}, "provider": {"name": "Orders"}}
    with Broker(server.url) as broker, pytest.raises(BrokerError, match="'Other'"):
        broker.publish_contracts("Web", "1", [document])
    assert server.asked == []


@pytest.mark.parametrize("provider", [None, {}, {"name": ""}, {"name": 1}, "Orders"])
def test_a_contract_without_a_provider_is_not_published(server: ScriptedServer, provider: object) -> None:
    """A contract needs both names."""
    with Broker(server.url) as broker, pytest.raises(BrokerError, match="does not name its provider"):
        broker.publish_contracts("Web", "1", [{"consumer": {"name": "Web"}, "provider": provider}])


def test_a_number_that_json_does_not_have_is_not_published(server: ScriptedServer) -> None:
    """Not-a-number cannot be written as JSON (RFC 8259)."""
    document = {"consumer": {"name": "Web"}, "provider": {"name": "Orders"}, "x": float("nan")}
    with Broker(server.url) as broker, pytest.raises(BrokerError, match="cannot be written as JSON"):
        broker.publish_contracts("Web", "1", [document])
