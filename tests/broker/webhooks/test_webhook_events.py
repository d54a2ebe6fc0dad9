"""Which webhooks are sent for what, and what they say."""

import json

import pytest

from hooks import PACT, Hooks
from scripted_server import ScriptedServer
from story import Story
from tallystick_broker.webhooks.subscriptions import ANY, EVENTS, Side
from tallystick_broker.webhooks.templates import Request


def heard(hooks: Hooks, server: ScriptedServer) -> list[dict[str, str]]:
    """What the server was told since the last time."""
    server.asked.clear()
    hooks.deliver()
    return [json.loads(each.body) for each in server.asked]


def events(hooks: Hooks, server: ScriptedServer) -> list[str]:
    """The names of the events that the server was told since the last time."""
    return [each["eventName"] for each in heard(hooks, server)]


def test_a_change_is_told_by_tag(
    hooks: Hooks, server: ScriptedServer, pair: Story, to_server: Request
) -> None:
    """Content counts as changed when it differs from the newest earlier one with any of the version's tags."""
    pair.subscribe("contract_content_changed", request=to_server)
    hooks.publish("1", tags=["dev"])
    assert [each["consumerVersionNumber"] for each in heard(hooks, server)] == ["1"]
    hooks.publish("2", tags=["dev"])
    assert heard(hooks, server) == []
    hooks.publish("3", tags=["dev", "new"])
    assert [each["consumerVersionTags"] for each in heard(hooks, server)] == ["dev, new"]
    hooks.publish("4", "b", tags=["dev"])
    hooks.publish("5", "b", tags=["new"])
    assert [each["consumerVersionNumber"] for each in heard(hooks, server)] == ["4", "5"]


def test_a_change_without_tags(hooks: Hooks, server: ScriptedServer, pair: Story, to_server: Request) -> None:
    """An untagged version is compared with the newest earlier untagged one, whatever their branches."""
    pair.subscribe("contract_content_changed", request=to_server)
    hooks.publish("1", branch="main")
    hooks.publish("2", "b", tags=["dev"])
    hooks.publish("3", branch="feat")
    assert [each["consumerVersionNumber"] for each in heard(hooks, server)] == ["1", "2"]
    hooks.publish("4", "b", branch="feat")
    assert [each["consumerVersionBranch"] for each in heard(hooks, server)] == ["feat"]


def test_publishing_again_is_no_change(
    hooks: Hooks, server: ScriptedServer, pair: Story, to_server: Request
) -> None:
    """A build that is repeated tells that it published, and nothing else."""
    pair.version("api", "10", branch="main")
    pair.subscribe(*EVENTS, request=to_server)
    hooks.publish("1")
    assert events(hooks, server) == [
        "contract_published",
        "contract_content_changed",
        "contract_requiring_verification_published",
    ]
    hooks.publish("1")
    assert events(hooks, server) == ["contract_published"]


def test_old_clients_trigger_too(
    hooks: Hooks, server: ScriptedServer, pair: Story, to_server: Request
) -> None:
    """A pact that is PUT, or to which one is added by PATCH, is published like any other."""
    pair.subscribe("contract_content_changed", request=to_server)
    document = {"interactions": [{"description": "a"}]}
    assert hooks.put(f"{PACT}/1", json=document).status_code == 201
    assert hooks.patch(f"{PACT}/1", json={"interactions": [{"description": "b"}]}).status_code == 200
    assert events(hooks, server) == ["contract_content_changed"] * 2


def test_each_version_that_lacks_a_result_is_told(
    hooks: Hooks, server: ScriptedServer, pair: Story, to_server: Request
) -> None:
    """The head of the main branch and all that is live should have a result; one that has any is not asked again."""
    pair.version("api", "10", branch="main")
    pair.version("api", "11", branch="main")
    pair.version("api", "12", branch="feat")
    pair.deploy("api", "10", "production")
    pair.deploy("api", "10", "production", "blue")
    pair.release("api", "10", "store")
    pair.subscribe("contract_requiring_verification_published", request=to_server)
    hooks.publish("1")
    wanted = {
        each["providerVersionNumber"]: each["providerVersionDescriptions"] for each in heard(hooks, server)
    }
    assert wanted == {"11": "latest from main branch", "10": "deployed in production, released in store"}
    hooks.verify("11", success=False)
    hooks.publish("2")
    assert [each["providerVersionNumber"] for each in heard(hooks, server)] == ["10"]


def test_a_main_branch_may_have_been_a_tag(
    hooks: Hooks, server: ScriptedServer, pair: Story, to_server: Request
) -> None:
    """A provider without branches has the newest version with the main branch's tag verify."""
    pair.participant("api", main_branch="trunk")
    pair.version("api", "10", branch="other", tags=["trunk"])
    pair.version("api", "11", branch="other")
    pair.subscribe("contract_requiring_verification_published", request=to_server)
    hooks.publish("1")
    assert [each["providerVersionNumber"] for each in heard(hooks, server)] == ["10"]


@pytest.mark.parametrize(
    ("success", "outcome", "status"), [(True, "succeeded", "success"), (False, "failed", "failure")]
)
def test_results_are_told(
    hooks: Hooks,
    server: ScriptedServer,
    pair: Story,
    to_server: Request,
    success: bool,
    outcome: str,
    status: str,
) -> None:
    """A result is told as published and by its outcome, with the status in the words of code hosts."""
    hooks.publish("1", tags=["dev"])
    pair.subscribe(*EVENTS, request=to_server)
    hooks.verify("10", success)
    told = heard(hooks, server)
    assert [each["eventName"] for each in told] == [
        "provider_verification_published",
        f"provider_verification_{outcome}",
    ]
    assert {each["githubVerificationStatus"] for each in told} == {status}
    assert {each["consumerVersionTags"] for each in told} == {"dev"}


def test_scenario_5_a_result_is_told_for_each_version_it_was_for(
    hooks: Hooks, server: ScriptedServer, pair: Story, to_server: Request
) -> None:
    """The versions come from the address that the pact was fetched from, with the tags they were selected by."""
    hooks.publish("1", branch="main", tags=["dev", "other"])
    hooks.publish("2", branch="feat")
    hooks.publish("3", branch="ignored")
    pair.subscribe("provider_verification_published", request=to_server)
    selectors = [{"tag": "dev", "latest": True}, {"branch": "feat"}]
    listed = hooks.post("/pacts/provider/api/for-verification", json={"consumerVersionSelectors": selectors})
    pact = hooks.get(listed.json["_embedded"]["pacts"][0]["_links"]["self"]["href"]).json
    address = pact["_links"]["pb:publish-verification-results"]["href"]
    hooks.post(address, json={"success": True, "providerApplicationVersion": "10"})
    told = {each["consumerVersionNumber"]: each["consumerVersionTags"] for each in heard(hooks, server)}
    assert told == {"1": "dev", "2": ""}


def test_a_webhooks_pact_url_leads_to_its_version(
    hooks: Hooks, server: ScriptedServer, pair: Story, to_server: Request
) -> None:
    """A build that a webhook has started reports its result for the version that the webhook was sent for."""
    body = {"url": "${pactbroker.pactUrl}"}
    pair.subscribe("contract_published", request=Request("POST", to_server.url, {}, body))
    hooks.publish("1", tags=["dev"])
    hooks.publish("2")
    first, _ = heard(hooks, server)
    pair.subscribe("provider_verification_published", request=to_server)
    pact = hooks.get(first["url"]).json
    assert pact["_links"]["pb:consumer-version"]["name"] == "1"
    address = pact["_links"]["pb:publish-verification-results"]["href"]
    hooks.post(address, json={"success": True, "providerApplicationVersion": "10"})
    told = [(each["consumerVersionNumber"], each["consumerVersionTags"]) for each in heard(hooks, server)]
    assert told == [("1", "dev")]


def test_only_webhooks_about_the_pair_are_sent(
    hooks: Hooks, server: ScriptedServer, pair: Story, to_server: Request
) -> None:
    """A webhook is about a participant by name, about those with a label, or about all."""
    web, api, other = pair.participant("web"), pair.participant("api"), pair.participant("other")
    hooks.put("/pacticipants/api/labels/team", json={})
    sides = {
        "any": (ANY, ANY),
        "consumer": (Side(web), ANY),
        "label": (ANY, Side(label="team")),
        "both": (Side(web), Side(api)),
        "other consumer": (Side(other), ANY),
        "other label": (ANY, Side(label="crew")),
        "reversed": (Side(api), Side(web)),
    }
    for name, (consumer, provider) in sides.items():
        body = Request("POST", to_server.url, {}, {"name": name})
        pair.subscribe("contract_published", request=body, consumer=consumer, provider=provider)
    pair.subscribe("contract_published", request=to_server, enabled=False)
    hooks.publish("1")
    assert [each["name"] for each in heard(hooks, server)] == ["any", "consumer", "label", "both"]


def test_deployed_versions_are_told_one_by_one(
    hooks: Hooks, server: ScriptedServer, pair: Story, to_server: Request
) -> None:
    """A webhook that names the deployed version is sent for each of them, and once when there is none."""
    body = {"number": "${pactbroker.currentlyDeployedProviderVersionNumber}"}
    pair.subscribe("contract_published", request=Request("POST", to_server.url, {}, body))
    hooks.publish("1")
    assert [each["number"] for each in heard(hooks, server)] == [""]
    pair.deploy("api", "10", "production")
    pair.deploy("api", "11", "staging")
    hooks.publish("2")
    assert [each["number"] for each in heard(hooks, server)] == ["10", "11"]


def test_a_request_that_is_refused_triggers_nothing(
    hooks: Hooks, server: ScriptedServer, pair: Story, to_server: Request
) -> None:
    """What is not stored is not told either."""
    pair.subscribe(*EVENTS, request=to_server)
    hooks.publish("1")
    heard(hooks, server)
    assert hooks.publish("1", "b").status_code == 409
    assert heard(hooks, server) == []
