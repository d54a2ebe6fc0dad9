"""Stories: the world that a test needs, told with the broker's own verbs."""

from collections.abc import Iterable
from typing import Any, Self

from sqlalchemy import select
from sqlalchemy.orm import Session

from tallystick_broker import contracts, environments, publications, verifications, versions
from tallystick_broker.models import (
    Content,
    DeployedVersion,
    Environment,
    Participant,
    ReleasedVersion,
    Version,
    Webhook,
)
from tallystick_broker.participants import ensure_participant
from tallystick_broker.publishing import Contract, Submission, publish
from tallystick_broker.verifications import Verification
from tallystick_broker.webhooks import subscriptions
from tallystick_broker.webhooks.secrets import ensure_keys
from tallystick_broker.webhooks.subscriptions import DEFAULT_EVENT, Definition
from tallystick_broker.webhooks.templates import Request

REQUEST = Request("POST", "https://ci.example.org/builds")


def contract(consumer: str, provider: str, content: str = "a") -> dict[str, Any]:
    """Return a Pact document (specification 3) of one interaction; another `content` is another document."""
    return {
        "consumer": {"name": consumer},
        "provider": {"name": provider},
        "interactions": [
            {
                "description": f"a request for {content}",
                "providerStates": [{"name": f"{content} exists"}],
                "request": {"method": "GET", "path": f"/{content}"},
                "response": {"status": 200, "body": {"name": content}},
            }
        ],
        "metadata": {"pactSpecification": {"version": "3.0.0"}},
    }


class Story:
    """A teller of what happened; each verb may follow the other, and what is named is made when it is new."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def participant(self, name: str, **fields: Any) -> Participant:
        """Return the participant, with these fields of the model set."""
        participant = ensure_participant(self.session, name)
        for field, value in fields.items():
            setattr(participant, field, value)
        self.session.flush()
        return participant

    def version(
        self, name: str, number: str, *, branch: str | None = None, tags: Iterable[str] = ()
    ) -> Version:
        """Return the version, put on the branch and given the tags."""
        version, _ = versions.ensure_version(self.session, ensure_participant(self.session, name), number)
        if branch is not None:
            versions.add_to_branch(self.session, version, branch)
        versions.tag_version(self.session, version, list(tags))
        self.session.flush()
        return version

    def branch(self, name: str, number: str, branch: str) -> Self:
        """Put the version on the branch, at its head."""
        self.version(name, number, branch=branch)
        return self

    def tag(self, name: str, number: str, *tags: str) -> Self:
        """Tag the version."""
        self.version(name, number, tags=tags)
        return self

    def publish(
        self,
        consumer: str,
        number: str,
        *providers: str,
        content: str = "a",
        document: dict[str, Any] | None = None,
        branch: str | None = None,
        tags: Iterable[str] = (),
        merge: bool = False,
    ) -> Self:
        """Publish the consumer version's contract with each provider; `document` is one of the test's own."""
        submitted = [
            Contract(provider, document or contract(consumer, provider, content), merge)
            for provider in providers
        ]
        publish(self.session, Submission(consumer, number, submitted, branch, list(tags)))
        self.session.flush()
        return self

    def verify(
        self, provider: str, number: str, of: tuple[str, str], success: bool = True, **others: Any
    ) -> Self:
        """Record what the provider version made of the contract that this consumer version published.

        `others` are further fields of a Verification.
        """
        pair = contracts.get_pair(self.session, provider, of[0])
        publication = publications.get_publication(self.session, pair, of[1]).publication
        content = self.session.get_one(Content, publication.content_id)
        verifications.record_result(self.session, pair, content, Verification(number, success, **others))
        self.session.flush()
        return self

    def environment(self, name: str, *, production: bool = False) -> Environment:
        """Return the environment of this name."""
        found = self.session.scalars(select(Environment).filter_by(name=name)).one_or_none()
        fields = {"name": name, "production": production}
        return found or environments.create_environment(self.session, fields)

    def deploy(self, name: str, number: str, environment: str, instance: str = "") -> DeployedVersion:
        """Return the record that the version runs in the environment from now on."""
        version = self.version(name, number)
        place = self.environment(environment)
        return environments.record_deployment(self.session, version, place, instance)

    def undeploy(self, deployed: DeployedVersion) -> Self:
        """End the deployment."""
        environments.undeploy(self.session, deployed)
        return self

    def release(self, name: str, number: str, environment: str) -> ReleasedVersion:
        """Return the record that the version is released in the environment, and supported."""
        version = self.version(name, number)
        return environments.record_release(self.session, version, self.environment(environment))[0]

    def end_support(self, released: ReleasedVersion) -> Self:
        """End the support of the release."""
        environments.end_support(self.session, released)
        self.session.flush()
        return self

    def subscribe(self, *events: str, request: Request = REQUEST, **others: Any) -> Webhook:
        """Return a webhook that sends this request for these events; `others` are fields of its Definition."""
        definition = Definition(request, events or (DEFAULT_EVENT,), **others)
        return subscriptions.create(self.session, definition, ensure_keys(self.session, None)).webhook
