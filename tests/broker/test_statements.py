"""How many SQL statements a request may send: as many for a long history as for a short one."""

import base64
import json
from collections.abc import Callable

from api_client import Answer, ApiClient
from story import Story, contract

Request = Callable[[ApiClient, int], Answer]
SIZES = (2, 12)


def publish(client: ApiClient, turn: int) -> Answer:
    """Publish another version of a consumer."""
    document = json.dumps(contract("web 0", "api", f"turn {turn}")).encode()
    body = {
        "pacticipantName": "web 0",
        "pacticipantVersionNumber": f"turn {turn}",
        "branch": "main",
        "contracts": [
            {
                "consumerName": "web 0",
                "providerName": "api",
                "specification": "pact",
                "contentType": "application/json",
                "content": base64.b64encode(document).decode(),
            }
        ],
    }
    return client.post("/contracts/publish", json=body)


def list_for_verification(client: ApiClient, _: int) -> Answer:
    """Ask what api should verify, with pending and work in progress."""
    body = {"providerVersionBranch": "main", "includeWipPactsSince": "2020-01-01"}
    return client.post("/pacts/provider/api/for-verification", json=body)


def record_result(client: ApiClient, turn: int) -> Answer:
    """Record another result of a content."""
    pact = client.get("/pacts/provider/api/consumer/web 0/version/0").json
    url = pact["_links"]["pb:publish-verification-results"]["href"]
    return client.post(url, json={"success": True, "providerApplicationVersion": f"turn {turn}"})


def ask_gate(client: ApiClient, _: int) -> Answer:
    """Ask whether api 0 may go where all consumers are live."""
    return client.get("/can-i-deploy?pacticipant=api&version=0&environment=prod")


def ask_matrix(client: ApiClient, _: int) -> Answer:
    """Ask for the rows as well."""
    return client.get("/matrix?q[][pacticipant]=api&q[][version]=0&environment=prod&latestby=cvpv")


def list_latest(client: ApiClient, _: int) -> Answer:
    """List the newest pact of each consumer."""
    return client.get("/pacts/provider/api/latest")


MOST: dict[Request, int] = {
    publish: 40,
    list_for_verification: 16,
    record_result: 24,
    ask_gate: 20,
    ask_matrix: 20,
    list_latest: 3,
}


def test_the_number_of_statements_does_not_grow(
    client: ApiClient, story: Story, statements: list[str]
) -> None:
    """With more consumers, versions, results and deployments a request sends no more statements than before."""
    counts = []
    for size in SIZES:
        grow(story, size)
        counts.append({request: count(request, client, size, statements) for request in MOST})
    few, many = counts
    assert few == many
    assert {request: count for request, count in many.items() if count > MOST[request]} == {}


def count(request: Request, client: ApiClient, turn: int, statements: list[str]) -> int:
    """Return how many statements the request sends."""
    statements.clear()
    answer = request(client, turn)
    assert answer.status_code < 300, answer.text
    return len(statements)


def grow(story: Story, size: int) -> None:
    """Have this many consumers of api, each with as many versions, verified by as many versions of api."""
    for consumer in range(size):
        for number in range(size):
            web = f"web {consumer}"
            story.publish(web, str(number), "api", content=f"{number}", branch="main")
            story.verify("api", "0", of=(web, str(number))).branch("api", "0", "main")
        story.deploy(f"web {consumer}", "0", "prod")
    for number in range(size):
        story.verify("api", str(number), of=("web 0", "0"))
