"""Metrics over HTTP: how much of everything there is."""

from api_client import ApiClient
from story import Story


def test_counts_what_happened(client: ApiClient, story: Story) -> None:
    """Each kind of thing is counted under the name that the Pact Broker has for it."""
    story.publish("web", "1", "api", branch="main", tags=["dev"])
    story.publish("web", "2", "api", content="b", branch="main", tags=["dev", "prod"])
    story.verify("api", "10", ("web", "1")).verify("api", "10", ("web", "1"), success=False)
    story.undeploy(story.deploy("api", "10", "test"))
    story.deploy("api", "11", "test")
    story.release("web", "1", "test")
    found = client.get("/metrics").json
    publications = found.pop("pactPublications")
    results = found.pop("verificationResults")
    assert publications["count"] == 2
    assert publications["first"] <= publications["last"]
    assert [results[f"{name}Count"] for name in ("success", "failure", "distinct")] == [1, 1, 1]
    assert found == {
        "interactions": {
            "latestInteractionsCount": 1,
            "latestMessagesCount": 0,
            "latestInteractionsAndMessagesCount": 1,
        },
        "pacticipants": {"count": 2, "withMainBranchSetCount": 1},
        "integrations": {"count": 1},
        "pactVersions": {"count": 2},
        "pactRevisionsPerConsumerVersion": {"distribution": {"1": 2}},
        "verificationResultsPerPactVersion": {"distribution": {"2": 1}},
        "pacticipantVersions": {
            "count": 4,
            "withUserCreatedBranchCount": 2,
            "withBranchCount": 2,
            "withBranchSetCount": 2,
        },
        "webhooks": {"count": 0},
        "tags": {"count": 3, "distinctCount": 2, "distinctWithPacticipantCount": 2},
        "triggeredWebhooks": {"count": 0},
        "webhookExecutions": {"count": 0},
        "matrix": {"count": -1},
        "environments": {"count": 1},
        "deployedVersions": {"count": 2, "userCreatedCount": 2, "currentlyDeployedCount": 1},
        "releasedVersions": {"count": 1, "currentlySupportedCount": 1},
    }


def test_an_empty_broker_has_none_of_anything(client: ApiClient) -> None:
    """Without data every count is nought, and there is no first and no last."""
    found = client.get("/metrics").json
    assert found["interactions"]["latestInteractionsAndMessagesCount"] == 0
    assert found["pactPublications"] == {"count": 0, "first": None, "last": None}
    assert found["verificationResultsPerPactVersion"] == {"distribution": {}}
