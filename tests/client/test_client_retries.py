"""What is asked for again, and what is not."""

import pytest

from scripted_server import Answer, ScriptedServer
from tallystick_client import Broker, BrokerFailed, BrokerUnreachable

INDEX = Answer(
    body='{"_links": {"pb:environments": {"href": "/environments"}, "pb:publish-contracts": {"href": "/p"}}}'
)
LIST = Answer(body='{"_embedded": {"environments": []}}')
CREATED = Answer(201, '{"uuid": "1", "name": "test", "production": false}')
DOCUMENT = {"consumer": {"name": "Web"}, "provider": {"name": "Orders"}}


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds of each pause of the client, for which no test waits."""
    made: list[float] = []
    monkeypatch.setattr("tallystick_client.retries.time.sleep", made.append)
    return made


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_a_question_is_repeated_while_the_broker_is_busy(
    server: ScriptedServer, pauses: list[float], status: int
) -> None:
    """A failure that may pass is not shown to the user when it passes."""
    server.answer(INDEX, Answer(status), LIST)
    with Broker(server.url) as broker:
        assert broker.environments() == []
    assert [asked.target for asked in server.asked] == ["/", "/environments", "/environments"]
    assert pauses == [0.5]


def test_each_pause_is_twice_as_long(server: ScriptedServer, pauses: list[float]) -> None:
    """A broker that is not back at once is given more and more time, and as much as it asks for."""
    server.answer(INDEX, Answer(503), Answer(503), Answer(503, headers={"Retry-After": "3"}), LIST)
    with Broker(server.url, retries=3) as broker:
        assert broker.environments() == []
    assert pauses == [0.5, 1, 3]


def test_publishing_is_repeated(server: ScriptedServer) -> None:
    """Publishing the same contract twice changes nothing, so it may be repeated; the body is sent whole again."""
    server.answer(INDEX, Answer(503), Answer(body='{"notices": []}'))
    with Broker(server.url) as broker:
        broker.publish_contracts("Web", "1", [DOCUMENT])
    _, first, second = server.asked
    assert first == second


def test_what_may_not_be_repeated_is_sent_once(server: ScriptedServer) -> None:
    """A request that creates something is not repeated: its first try may have succeeded."""
    server.answer(INDEX, Answer(503), CREATED)
    with Broker(server.url) as broker, pytest.raises(BrokerFailed) as caught:
        broker.create_environment("test")
    assert caught.value.status == 503
    assert len(server.asked) == 2


@pytest.mark.parametrize("status", [400, 401, 404, 409, 501])
def test_a_final_answer_is_not_asked_for_again(server: ScriptedServer, status: int) -> None:
    """What will not pass is reported at once."""
    server.answer(Answer(status))
    with Broker(server.url) as broker, pytest.raises(Exception, match=str(status)):
        broker.environments()
    assert len(server.asked) == 1


def test_a_pause_beyond_all_patience_is_left_to_the_user(server: ScriptedServer) -> None:
    """A broker that asks to wait for a minute is not asked before; the message says how long to wait."""
    server.answer(Answer(429, headers={"Retry-After": "60"}))
    with Broker(server.url) as broker, pytest.raises(BrokerFailed, match="try again after 60 seconds"):
        broker.environments()
    assert len(server.asked) == 1


def test_the_last_failure_is_reported(server: ScriptedServer, pauses: list[float]) -> None:
    """After the given number of repetitions the failure is reported as it is."""
    server.answer(Answer(502))
    with Broker(server.url, retries=1) as broker, pytest.raises(BrokerFailed, match="502"):
        broker.environments()
    assert len(server.asked) == 2
    assert pauses == [0.5]


def test_a_refused_connection_is_tried_again(closed_url: str, pauses: list[float]) -> None:
    """A broker that is just being restarted is waited for, within bounds."""
    with Broker(closed_url, retries=1) as broker, pytest.raises(BrokerUnreachable, match=closed_url):
        broker.environments()
    assert pauses == [0.5]
