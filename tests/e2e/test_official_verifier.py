"""pact-python's own Verifier, unmodified, against our broker."""

import json
from collections.abc import Callable, Iterator
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
    """A provider that has everything but `b`."""
    if request.path == "/b":
        return Response(status=404)
    return Response(json.dumps({"name": request.path[1:]}), content_type="application/json")


@pytest.fixture
def provider_url() -> Iterator[str]:
    """The address of the running provider."""
    server = make_server("127.0.0.1", 0, provider)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


Ask = Callable[..., Any]


@pytest.fixture
def verifier(live_broker: str, provider_url: str, unique: str, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Return the verifier of version 10 on this branch that publishes what it finds by these selectors."""
    monkeypatch.setenv("PACT_DO_NOT_TRACK", "true")

    def build(
        *selectors: dict[str, Any], branch: str = "main", pending: bool = True, wip: bool = False
    ) -> Any:
        source = (
            Verifier(f"api-{unique}", host="127.0.0.1")
            .add_transport(url=provider_url)
            .set_publish_options("10", "https://ci.example/10", branch, ["dev"])
            .broker_source(live_broker, selector=True)
            .provider_branch(branch)
        )
        for selector in selectors:
            source.consumer_version(**selector)
        source = source.include_pending() if pending else source.exclude_pending()
        return (source.include_wip_since("2020-01-01") if wip else source).build()

    return build


MAIN = {"main_branch": True}


def results(live_broker: str, unique: str, number: str) -> set[bool]:
    """What the newest results of the web's pact of this version say, read as a client would."""
    url = f"{live_broker}/verification-results/consumer/web-{unique}/version/{number}/latest"
    found = requests.get(url, timeout=10).json()["_embedded"]["verificationResults"]
    return {each["success"] for each in found}


def test_the_verifier_fetches_by_selectors_and_publishes(
    verifier: Ask, live_story: Story, live_broker: str, unique: str
) -> None:
    """It verifies the pacts of the main branch and of what is deployed, no others, and publishes its results."""
    web, api = f"web-{unique}", f"api-{unique}"
    live_story.publish(web, "1", api, content="a")
    live_story.deploy(web, "1", f"prod-{unique}")
    live_story.publish(web, "2", api, content="b", branch="feat")
    live_story.publish(web, "3", api, content="a", branch="main")
    live_story.session.commit()
    verifier(MAIN, {"deployed": True}).verify()
    assert results(live_broker, unique, "1") == results(live_broker, unique, "3") == {True}
    assert results(live_broker, unique, "2") == set()
    version = requests.get(f"{live_broker}/pacticipants/{api}/versions/10", timeout=10).json()
    assert [branch["name"] for branch in version["_embedded"]["branches"]] == ["main"]
    assert [tag["name"] for tag in version["_embedded"]["tags"]] == ["dev"]


def test_a_pending_pact_does_not_break_the_providers_build(
    verifier: Ask, live_story: Story, live_broker: str, unique: str
) -> None:
    """What was never verified may fail without failing the build, and its failure is published."""
    live_story.publish(f"web-{unique}", "1", f"api-{unique}", content="b", branch="main")
    live_story.session.commit()
    verifier(MAIN).verify()
    assert results(live_broker, unique, "1") == {False}


def test_a_pact_that_was_honoured_before_breaks_it(
    verifier: Ask, live_story: Story, live_broker: str, unique: str
) -> None:
    """Once a version on the branch has honoured a pact, breaking it is a failure."""
    web, api = f"web-{unique}", f"api-{unique}"
    live_story.publish(web, "1", api, content="b", branch="main")
    live_story.verify(api, "9", of=(web, "1")).branch(api, "9", "main")
    live_story.session.commit()
    with pytest.raises(RuntimeError):
        verifier(MAIN).verify()
    assert results(live_broker, unique, "1") == {False}


@pytest.mark.parametrize("database_server", ["postgresql"], indirect=True, scope="session")
@pytest.mark.parametrize(
    ("selector", "verified"),
    [
        ({"main_branch": True}, "3"),
        ({"branch": "feat"}, "2"),
        ({"branch": "gone", "fallback_branch": "feat"}, "2"),
        ({"matching_branch": True}, "2"),
        ({"tag": "prod", "latest": True}, "1"),
        ({"tag": "prod"}, "1"),
        ({"tag": "gone", "latest": True, "fallback_tag": "prod"}, "1"),
        ({"latest": True}, "4"),
        ({"deployed": True}, "1"),
        ({"released": True}, "2"),
        ({"deployed_or_released": True}, "12"),
        ({"environment": "prod"}, "12"),
        ({"deployed": True, "environment": "prod"}, "1"),
        ({"latest": True, "consumer": "web"}, "4"),
    ],
    ids=str,
)
def test_each_selector_finds_its_pacts(
    verifier: Ask, live_story: Story, live_broker: str, unique: str, selector: dict[str, Any], verified: str
) -> None:
    """Whatever a build selects by, it is given these pacts to verify and no others."""
    web, api, prod = f"web-{unique}", f"api-{unique}", f"prod-{unique}"
    live_story.participant(web, main_branch="main")
    for number, branch in {"1": "main", "2": "feat", "3": "main", "4": "other"}.items():
        live_story.publish(web, number, api, content=f"c{number}", branch=branch)
    live_story.tag(web, "1", "prod").deploy(web, "1", prod)
    live_story.release(web, "2", prod)
    live_story.session.commit()
    places = {"environment": prod, "consumer": f"{selector.get('consumer')}-{unique}"}
    asked = selector | {name: place for name, place in places.items() if name in selector}
    verifier(asked, branch="feat").verify()
    assert [number for number in "1234" if results(live_broker, unique, number)] == list(verified)


def test_work_in_progress_is_verified_and_breaks_nothing(
    verifier: Ask, live_story: Story, live_broker: str, unique: str
) -> None:
    """Heads of other branches come along when they are asked for, and may fail without failing the build."""
    web, api = f"web-{unique}", f"api-{unique}"
    live_story.participant(web, main_branch="main")
    live_story.publish(web, "1", api, content="a", branch="main")
    live_story.publish(web, "2", api, content="b", branch="feat")
    live_story.session.commit()
    verifier(MAIN).verify()
    assert results(live_broker, unique, "2") == set()
    verifier(MAIN, wip=True).verify()
    assert results(live_broker, unique, "2") == {False}


def test_without_pending_every_failure_breaks_the_build(
    verifier: Ask, live_story: Story, live_broker: str, unique: str
) -> None:
    """A build that does not want pending pacts fails with what was never verified."""
    live_story.publish(f"web-{unique}", "1", f"api-{unique}", content="b", branch="main").session.commit()
    with pytest.raises(RuntimeError):
        verifier(MAIN, pending=False).verify()
    assert results(live_broker, unique, "1") == {False}
