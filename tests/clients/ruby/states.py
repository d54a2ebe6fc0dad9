"""What the Ruby client's contract takes for granted, told as stories."""

import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

import tallystick
from api_client import ApiClient
from story import Story
from tallystick_broker.models import DeployedVersion, Environment

TEST_ENVIRONMENT = "cb632df3-0a0d-4227-aac3-60114dd36479"
DEPLOYED = "ff3adecf-cfc5-4653-a4e3-f1861092f8e0"
COMMIT = "5556b8149bf8bac76bc30f50a8a2dd4c22c85f30"
PRICING = "Pricing Service"
EMPTY = {"consumer": {"name": "Condor"}, "provider": {"name": PRICING}, "interactions": []}


def _environment(story: Story, uuid: str, name: str = "test", **fields: Any) -> Environment:
    environment = story.environment(name)
    for field, value in {"uuid": uuid, **fields}.items():
        setattr(environment, field, value)
    story.session.flush()
    return environment


def _revise(story: Story, consumer: str, number: str, provider: str) -> None:
    """Publish another content for a version that has published one."""
    story.publish(consumer, number, provider, content="revised", merge=True)


def _verified(story: Story, consumer: str) -> None:
    story.publish(consumer, "1.2.3", "Bar")
    _revise(story, consumer, "1.2.3", "Bar")
    story.verify("Bar", "4.5.6", of=(consumer, "1.2.3")).verify("Bar", "7.8.9", of=(consumer, "1.2.3"))
    story.publish(consumer, "2.0.0", "Bar", content="own").verify("Bar", "4.5.6", of=(consumer, "2.0.0"))


@tallystick.state("the pact for Foo version 1.2.3 has been verified by Bar version 4.5.6")
def foo_is_verified(story: Story) -> None:
    """A result, a second one, and another version of the consumer."""
    _verified(story, "Foo")


@tallystick.state("the pact for Foo Thing version 1.2.3 has been verified by Bar version 4.5.6")
def foo_thing_is_verified(story: Story) -> None:
    """The same for a name with a space."""
    _verified(story, "Foo Thing")


@tallystick.state(
    "the pact for Foo version 1.2.3 has been successfully verified by Bar version 4.5.6, and 1.2.4 "
    "unsuccessfully by 9.9.9"
)
def one_verified_one_failed(story: Story) -> None:
    """A version that fits and a newer one that does not."""
    story.publish("Foo", "1.2.3", "Bar").verify("Bar", "4.5.6", of=("Foo", "1.2.3"))
    story.publish("Foo", "1.2.4", "Bar", content="b").verify(
        "Bar", "9.9.9", of=("Foo", "1.2.4"), success=False
    )


@tallystick.state(
    "the pact for Foo version 1.2.3 has been successfully verified by Bar version 4.5.6 with tag prod, and 1.2.4 "
    "unsuccessfully by 9.9.9"
)
def one_verified_by_prod(story: Story) -> None:
    """The provider version that fits is tagged."""
    one_verified_one_failed(story)
    story.tag("Bar", "4.5.6", "prod")


@tallystick.state(
    "the pact for Foo version 1.2.3 has been successfully verified by Bar version 4.5.6 (tagged prod) and version "
    "5.6.7"
)
def verified_by_prod_and_another(story: Story) -> None:
    """Two provider versions fit, one of them tagged."""
    verified_by_two(story)
    story.tag("Bar", "4.5.6", "prod")


@tallystick.state("the pact for Foo version 1.2.3 has been verified by Bar version 4.5.6 and version 5.6.7")
def verified_by_two(story: Story) -> None:
    """Two provider versions fit."""
    story.publish("Foo", "1.2.3", "Bar")
    story.verify("Bar", "4.5.6", of=("Foo", "1.2.3")).verify("Bar", "5.6.7", of=("Foo", "1.2.3"))


@tallystick.state("the pact for Foo version 1.2.3 and 1.2.4 has been verified by Bar version 4.5.6")
def two_are_verified(story: Story) -> None:
    """Two consumer versions fit."""
    story.publish("Foo", "1.2.3", "Bar").publish("Foo", "1.2.4", "Bar", content="b")
    story.verify("Bar", "4.5.6", of=("Foo", "1.2.3")).verify("Bar", "4.5.6", of=("Foo", "1.2.4"))


@tallystick.state(
    "provider Bar version 4.5.6 has a successful verification for Foo version 1.2.3 tagged prod and a failed "
    "verification for version 3.4.5 tagged prod"
)
def one_tagged_is_verified(story: Story) -> None:
    """Of two tagged consumer versions one fits."""
    story.publish("Foo", "1.2.3", "Bar", tags=["prod"]).verify("Bar", "4.5.6", of=("Foo", "1.2.3"))
    story.publish("Foo", "3.4.5", "Bar", content="b", tags=["prod"])
    story.verify("Bar", "4.5.6", of=("Foo", "3.4.5"), success=False)


@tallystick.state(r"the (?:pacticipant relations are present|pb:.* relations? exists? in the index resource)")
def relations() -> None:
    """The index always has all its relations."""


@tallystick.state(
    rf"version {COMMIT} of pacticipant Foo exists with a test environment available for (?:deployment|release)"
)
def version_and_environment(story: Story) -> None:
    """A version that may be deployed or released."""
    story.version("Foo", COMMIT)
    _environment(story, TEST_ENVIRONMENT)


@tallystick.state(
    f"version {COMMIT} of pacticipant Foo exists with 2 environments that aren't test available for deployment"
)
def version_and_other_environments(story: Story) -> None:
    """A version, and environments other than the one that is wanted."""
    story.version("Foo", COMMIT)
    story.environment("prod")
    story.environment("dev")


@tallystick.state(r"an environment with name test and UUID (?P<uuid>\S+) exists")
def environment_with_uuid(story: Story, uuid: str) -> None:
    """An environment at an address that is known."""
    _environment(story, uuid)


@tallystick.state("an environment with name test exists")
def environment(story: Story) -> None:
    """An environment."""
    story.environment("test")


@tallystick.state("an environment exists")
def environment_with_contact(story: Story) -> None:
    """An environment that somebody answers for."""
    contact = {"name": "foo", "details": {"emailAddress": "foo@bar.com"}}
    _environment(story, TEST_ENVIRONMENT, display_name="Test", contacts=[contact])


@tallystick.state(r"an version is deployed to environment with UUID (?P<uuid>\S+) with target customer-1")
def deployed_as_instance(story: Story, uuid: str) -> None:
    """A version that runs as an instance."""
    _environment(story, uuid)
    _deploy(story, "customer-1")


@tallystick.state("a currently deployed version exists")
def deployed(story: Story) -> None:
    """A version that runs."""
    _environment(story, TEST_ENVIRONMENT)
    _deploy(story, "")


def _deploy(story: Story, instance: str) -> None:
    record = story.deploy("Foo", COMMIT, "test", instance)
    story.session.execute(update(DeployedVersion).filter_by(id=record.id).values(uuid=DEPLOYED))


@tallystick.state(r"a (?:latest )?pact between Condor and the Pricing Service exists")
def pact(story: Story) -> None:
    """A pact."""
    story.publish("Condor", "1.3.0", PRICING, document=EMPTY)


@tallystick.state(
    r"(?:tagged as prod pact between Condor and the Pricing Service exists|"
    r"a pact between Condor and the Pricing Service exists for the production version of Condor)"
)
def tagged_pact(story: Story) -> None:
    """A pact of a tagged version."""
    story.publish("Condor", "1.3.0", PRICING, document=EMPTY, tags=["prod"])


@tallystick.state("no pact between Condor and the Pricing Service exists")
def no_pact() -> None:
    """Nothing."""


@tallystick.state("'Condor' does not exist in the pact-broker")
def no_condor() -> None:
    """Nothing."""


@tallystick.state("the 'Pricing Service' does not exist in the pact-broker")
def no_pricing() -> None:
    """Nothing."""


@tallystick.state("the 'Pricing Service' and 'Condor' already exist in the pact-broker")
def both(story: Story) -> None:
    """Two participants."""
    story.participant(PRICING)
    story.participant("Condor")


@tallystick.state(
    "the 'Pricing Service' and 'Condor' already exist in the pact-broker, and Condor already has a pact published "
    "for version 1.3.0"
)
def both_with_pact(story: Story) -> None:
    """Two participants with a pact."""
    pact(story)


@tallystick.state("the 'Pricing Service' already exists in the pact-broker")
def pricing(story: Story, request: pytest.FixtureRequest) -> None:
    """A participant with a version, and with the repository that the contract asks for by its address."""
    text = next(Path(str(request.config.getoption("--contracts-from"))).glob("*.json")).read_text(
        encoding="utf-8"
    )
    story.participant(PRICING, repository_url=re.findall(r'"repositoryUrl": "(git@[^"]+)"', text)[0])
    story.version(PRICING, "1.3.0")


@tallystick.state("'Condor' exists in the pact-broker")
def condor(story: Story) -> None:
    """A participant with a version."""
    story.version("Condor", "1.3.0")


@tallystick.state("'Condor' exists in the pact-broker with the latest tagged 'production' version 1.2.3")
def condor_in_production(story: Story) -> None:
    """The newest tagged version is not the newest one."""
    story.tag("Condor", "1.2.3", "production")
    story.version("Condor", "2.0.0")


@tallystick.state("'Condor' exists in the pact-broker with the latest version 1.2.3")
def condor_latest(story: Story) -> None:
    """There is an older version."""
    story.version("Condor", "1.0.0")
    story.version("Condor", "1.2.3")


@tallystick.state("'Condor' exists in the pact-broker with version 1.3.0, tagged with 'prod'")
def condor_tagged(story: Story) -> None:
    """The tag is there already."""
    story.tag("Condor", "1.3.0", "prod")


@tallystick.state("a pacticipant with name Foo exists")
def foo(story: Story) -> None:
    """A participant."""
    story.participant("Foo")


@tallystick.state("a branch named main exists for pacticipant Foo")
def foo_on_main(story: Story) -> None:
    """A branch."""
    story.branch("Foo", "1", "main")


@tallystick.state(r"a webhook with the uuid (?P<uuid>\S+) exists")
def webhook(client: ApiClient, story: Story, uuid: str) -> None:
    """A webhook at an address that is known."""
    both(story)
    body = {
        "events": [{"name": "contract_content_changed"}],
        "request": {"method": "POST", "url": "https://example.org"},
    }
    assert client.put(f"/webhooks/{uuid}", json=body).status_code == 201
