"""How many SQL statements a request may send: as many for a long history as for a short one."""

from collections.abc import Callable
from typing import Any

import pytest

from api_client import ApiClient
from publish_requests import URL, publish_request
from story import Story
from tallystick_broker.webhooks.subscriptions import EVENTS

Sent = tuple[str, str, Any]
Request = Callable[[ApiClient, int], Sent]
"""What prepares a request, and returns its method, its address and its body."""

SIZES = (2, 12)


def ask_index(_: ApiClient, __: int) -> Sent:
    """Ask what there is."""
    return "GET", "/", None


def get_latest(_: ApiClient, __: int) -> Sent:
    """Read the newest contract of a pair."""
    return "GET", "/pacts/provider/api/consumer/web 0/latest", None


def get_content(client: ApiClient, _: int) -> Sent:
    """Read a contract as a verifier does, by its fingerprint."""
    listed = client.post("/pacts/provider/api/for-verification", json={}).json["_embedded"]["pacts"]
    return "GET", listed[0]["_links"]["self"]["href"], None


def publish(_: ApiClient, turn: int) -> Sent:
    """Publish another version with twenty contracts, one of which is with a new provider."""
    providers = ["api", *(f"provider {number}" for number in range(18)), f"provider of turn {turn}"]
    number = f"turn {turn}"
    body = publish_request("web 0", number, providers, number, branch=number, tags=["dev", "ci"])
    return "POST", URL, body


def republish(_: ApiClient, turn: int) -> Sent:
    """Merge other content into what the version has published."""
    body = publish_request("web 0", f"turn {turn}", [f"provider {number}" for number in range(18)], "other")
    body["contracts"] = [each | {"onConflict": "merge"} for each in body["contracts"]]
    return "POST", URL, body


def list_for_verification(_: ApiClient, __: int) -> Sent:
    """Ask what api should verify by the usual selectors, with pending and work in progress."""
    selectors = [{"mainBranch": True}, {"matchingBranch": True}, {"deployedOrReleased": True}]
    places = [{"environment": "prod"}, {"tag": "dev", "latest": True, "fallbackTag": "main"}]
    asked = {"consumerVersionSelectors": selectors + places, "providerVersionBranch": "main"}
    return "POST", "/pacts/provider/api/for-verification", asked | {"includeWipPactsSince": "2020-01-01"}


def list_for_tags(_: ApiClient, __: int) -> Sent:
    """Ask the same as a provider without branches does, without selectors."""
    asked = {"providerVersionTags": ["dev", "main"], "includeWipPactsSince": "2020-01-01"}
    return "POST", "/pacts/provider/api/for-verification", asked


def record_result(client: ApiClient, turn: int) -> Sent:
    """Record a result of a content by a version that has tags."""
    pact = client.get("/pacts/provider/api/consumer/web 0/version/0").json
    client.put(f"/pacticipants/api/versions/turn {turn}/tags/dev")
    url = pact["_links"]["pb:publish-verification-results"]["href"]
    return "POST", url, {"success": True, "providerApplicationVersion": f"turn {turn}"}


def ask_gate(_: ApiClient, __: int) -> Sent:
    """Ask whether api 0 may go where all consumers are live."""
    return "GET", "/can-i-deploy?pacticipant=api&version=0&environment=prod", None


def ask_matrix(_: ApiClient, __: int) -> Sent:
    """Ask for the rows as well."""
    return "GET", "/matrix?q[][pacticipant]=api&q[][version]=0&environment=prod&latestby=cvpv", None


def list_latest(_: ApiClient, __: int) -> Sent:
    """List the newest pact of each consumer."""
    return "GET", "/pacts/provider/api/latest", None


MOST: dict[Request, int] = {
    ask_index: 0,
    get_latest: 4,
    get_content: 4,
    publish: 30,
    republish: 30,
    list_for_verification: 12,
    list_for_tags: 12,
    record_result: 10,
    ask_gate: 8,
    ask_matrix: 8,
    list_latest: 3,
}
FOR_WEBHOOKS: dict[Request, int] = {publish: 0, record_result: 5}
"""How many more when there are webhooks to be sent."""


@pytest.mark.parametrize("with_webhooks", [False, True])
def test_the_number_of_statements_does_not_grow(
    client: ApiClient, story: Story, statements: list[str], with_webhooks: bool
) -> None:
    """With more consumers, versions, results and deployments a request sends no more statements than before."""
    if with_webhooks:
        story.subscribe(*EVENTS)
    counts = []
    for size in SIZES:
        grow(story, size)
        counts.append({request: count(request, client, size, statements) for request in MOST})
    few, many = counts
    assert few == many
    more = FOR_WEBHOOKS if with_webhooks else {}
    allowed = {request: most + more.get(request, 0) for request, most in MOST.items()}
    assert {request: count for request, count in many.items() if count > allowed[request]} == {}


def count(request: Request, client: ApiClient, turn: int, statements: list[str]) -> int:
    """Return how many statements the request sends."""
    method, address, body = request(client, turn)
    statements.clear()
    answer = client.open(address, method=method, json=body)
    assert answer.status_code < 300, answer.text
    return len(statements)


def grow(story: Story, size: int) -> None:
    """Have this many consumers of api, one of them with as many versions, verified by as many versions of api."""
    for consumer in range(size):
        web = f"web {consumer}"
        for number in range(2 if consumer else size):
            story.publish(web, str(number), "api", content=f"{number}", branch="main")
            story.verify("api", "0", of=(web, str(number)))
        story.deploy(web, "0", "prod")
    for number in range(size):
        story.verify("api", str(number), of=("web 0", "0")).branch("api", str(number), "main")
