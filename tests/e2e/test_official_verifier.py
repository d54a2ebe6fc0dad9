"""pact-python's own Verifier, unmodified, against our broker."""

from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest
import requests
from pact import Verifier
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from story import Story


@Request.application
def provider(request: Request) -> Response:
    """A provider that has `a` and not `b`."""
    if request.path == "/a":
        return Response('{"name": "a"}', content_type="application/json")
    return Response(status=404)


@pytest.fixture
def provider_url() -> Iterator[str]:
    """The address of the running provider."""
    server = make_server("127.0.0.1", 0, provider)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def verifier(live_broker: str, provider_url: str, unique: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A verifier of version 10 on main that publishes what it finds of the main branch and what is deployed."""
    monkeypatch.setenv("PACT_DO_NOT_TRACK", "true")
    source = (
        Verifier(f"api-{unique}", host="127.0.0.1")
        .add_transport(url=provider_url)
        .set_publish_options("10", "https://ci.example/10", "main", ["dev"])
        .broker_source(live_broker, selector=True)
        .provider_branch("main")
        .consumer_version(main_branch=True)
        .consumer_version(deployed=True)
        .include_pending()
    )
    return source.build()


def results(live_broker: str, unique: str, number: str) -> set[bool]:
    """What the newest results of the web's pact of this version say, read as a client would."""
    url = f"{live_broker}/verification-results/consumer/web-{unique}/version/{number}/latest"
    found = requests.get(url, timeout=10).json()["_embedded"]["verificationResults"]
    return {each["success"] for each in found}


def test_the_verifier_fetches_by_selectors_and_publishes(
    verifier: Any, live_story: Story, live_broker: str, unique: str
) -> None:
    """It verifies the pacts of the main branch and of what is deployed, no others, and publishes its results."""
    web, api = f"web-{unique}", f"api-{unique}"
    live_story.publish(web, "1", api, content="a")
    live_story.deploy(web, "1", f"prod-{unique}")
    live_story.publish(web, "2", api, content="b", branch="feat")
    live_story.publish(web, "3", api, content="a", branch="main")
    live_story.session.commit()
    verifier.verify()
    assert results(live_broker, unique, "1") == results(live_broker, unique, "3") == {True}
    assert results(live_broker, unique, "2") == set()
    version = requests.get(f"{live_broker}/pacticipants/{api}/versions/10", timeout=10).json()
    assert [branch["name"] for branch in version["_embedded"]["branches"]] == ["main"]
    assert [tag["name"] for tag in version["_embedded"]["tags"]] == ["dev"]


def test_a_pending_pact_does_not_break_the_providers_build(
    verifier: Any, live_story: Story, live_broker: str, unique: str
) -> None:
    """What was never verified may fail without failing the build, and its failure is published."""
    live_story.publish(f"web-{unique}", "1", f"api-{unique}", content="b", branch="main")
    live_story.session.commit()
    verifier.verify()
    assert results(live_broker, unique, "1") == {False}


def test_a_pact_that_was_honoured_before_breaks_it(
    verifier: Any, live_story: Story, live_broker: str, unique: str
) -> None:
    """Once a version on the branch has honoured a pact, breaking it is a failure."""
    web, api = f"web-{unique}", f"api-{unique}"
    live_story.publish(web, "1", api, content="b", branch="main")
    live_story.verify(api, "9", of=(web, "1")).branch(api, "9", "main")
    live_story.session.commit()
    with pytest.raises(RuntimeError):
        verifier.verify()
    assert results(live_broker, unique, "1") == {False}
