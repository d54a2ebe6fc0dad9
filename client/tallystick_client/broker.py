"""The broker, as the command line and the pytest plugin use it."""

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any, Self, TypeVar

from tallystick_client.credentials import Authorization, check_url
from tallystick_client.environments import (
    Contact,
    Deployment,
    Environment,
    describe_environment,
    find_recording_link,
)
from tallystick_client.errors import InvalidInput, NotABroker, NotFound
from tallystick_client.links import Index, expand
from tallystick_client.overrides import Override, describe_override
from tallystick_client.plan import Plan
from tallystick_client.publishing import Document, Publication, describe_publication
from tallystick_client.rollback import Rollback
from tallystick_client.selectors import Question, Selector, query_former, query_plan
from tallystick_client.transport import Query, Transport
from tallystick_client.verdict import Party, Verdict
from tallystick_client.verification import ContractToVerify, describe_request, describe_result

T = TypeVar("T")

MERGE_PATCH = {"Content-Type": "application/merge-patch+json"}


class Broker:
    """A broker at a base URL. A method that cannot do its work raises a BrokerError that says what to do.

    Give a username with its password, or a token, or neither. `timeout` is how many seconds the broker may
    stay silent. Requests that may be repeated are repeated up to `retries` times, within 10 seconds, while
    the broker cannot be reached or is overloaded.
    """

    def __init__(
        self,
        url: str,
        *,
        username: str | None = None,
        password: str | None = None,
        token: str | None = None,
        timeout: float = 60.0,
        retries: int = 4,
    ) -> None:
        self.url: str = check_url(url)
        authorization = Authorization(username, password, token)
        self._transport = Transport(self.url, authorization, timeout=timeout, retries=retries)

    @classmethod
    def from_environment(cls, url: str | None = None, *, timeout: float = 60.0, retries: int = 4) -> Self:
        """Return the broker that `url` or PACT_BROKER_BASE_URL names, with the environment's credentials.

        Reads PACT_BROKER_USERNAME, PACT_BROKER_PASSWORD, PACT_BROKER_TOKEN and PACT_BROKER_HTTP_RETRIES, which
        wins over `retries`; a blank variable counts as not set.
        """
        url = url or os.environ.get("PACT_BROKER_BASE_URL")
        wanted = os.environ.get("PACT_BROKER_HTTP_RETRIES") or str(retries)
        if not url:
            raise InvalidInput("No broker is named: set PACT_BROKER_BASE_URL to its URL.")
        if not wanted.isdecimal():
            raise InvalidInput(f"PACT_BROKER_HTTP_RETRIES must be a whole number, not {wanted!r}.")
        return cls(
            url,
            username=os.environ.get("PACT_BROKER_USERNAME"),
            password=os.environ.get("PACT_BROKER_PASSWORD"),
            token=os.environ.get("PACT_BROKER_TOKEN"),
            timeout=timeout,
            retries=int(wanted),
        )

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.url!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def publish_contracts(
        self,
        participant: str,
        version: str,
        documents: Sequence[Document],
        *,
        branch: str | None = None,
        tags: Sequence[str] = (),
        build_url: str | None = None,
        merge: bool = False,
    ) -> Publication:
        """Publish Pact documents of the consumer `participant` in this version, all of them or none.

        With `merge` they are added to what another build of the same version has published. Publishing the
        same again changes nothing.
        """
        body = describe_publication(
            participant, version, documents, branch=branch, tags=tags, build_url=build_url, merge=merge
        )
        url = self._index.find("pb:publish-contracts")
        return _read(Publication.read, self._transport.fetch("POST", url, json=body, repeatable=True))

    def contracts_to_verify(
        self,
        provider: str,
        *,
        branch: str | None = None,
        tags: Sequence[str] = (),
        selectors: Sequence[Mapping[str, Any]] = (),
        include_pending: bool = True,
        include_wip_since: str | None = None,
    ) -> list[ContractToVerify]:
        """Return the contracts that this provider should verify, each with its document.

        `branch` and `tags` are those of the provider version under test, `selectors` are the Pact Broker's
        consumer version selectors, `include_wip_since` is a date (YYYY-MM-DD). Raises NotFound for an unknown
        provider.
        """
        body = describe_request(
            branch=branch,
            tags=tags,
            selectors=selectors,
            include_pending=include_pending,
            include_wip_since=include_wip_since,
        )
        url = self._index.find("pb:provider-pacts-for-verification", provider=provider)
        answer = self._transport.fetch("POST", url, json=body, repeatable=True)
        entries = _read(lambda body: list(body["_embedded"]["pacts"]), answer)
        return [self._fetch_contract(entry) for entry in entries]

    def contract_to_verify(self, url: str) -> ContractToVerify:
        """Return the contract at this URL of the broker; raises NotFound when there is none."""
        document = self._transport.fetch("GET", self._index.locate(url))
        return _read(lambda document: ContractToVerify.read(document, document), document)

    def publish_result(
        self,
        results_url: str,
        *,
        provider_version: str,
        success: bool,
        test_results: Sequence[Mapping[str, Any]],
        build_url: str | None = None,
        verified_by: Mapping[str, Any] | None = None,
    ) -> str:
        """Publish the result of verifying a contract to its `results_url`; return the result's own URL.

        Published again after a failure it is one more result that says the same, which changes no verdict.
        """
        body = describe_result(
            provider_version=provider_version,
            success=success,
            test_results=test_results,
            build_url=build_url,
            verified_by=verified_by,
        )
        url = self._index.locate(results_url)
        response = self._transport.send("POST", url, json=body, repeatable=True)
        return response.headers.get("Location", results_url)

    def record_branch_version(self, participant: str, version: str, branch: str) -> None:
        """Record that this version belongs to this branch; creates what is not there yet."""
        values = {"pacticipant": participant, "version": version, "branch": branch}
        self._transport.send("PUT", self._index.find("pb:pacticipant-branch-version", **values), json={})

    def record_tag(self, participant: str, version: str, tag: str) -> None:
        """Put this tag on this version; creates what is not there yet."""
        values = {"pacticipant": participant, "version": version, "tag": tag}
        self._transport.send("PUT", self._index.find("pb:pacticipant-version-tag", **values), json={})

    def environments(self) -> list[Environment]:
        """Return every environment."""
        answer = self._transport.fetch("GET", self._index.find("pb:environments"))
        return _read(
            lambda body: [Environment.read(each) for each in body["_embedded"]["environments"]], answer
        )

    def create_environment(
        self,
        name: str,
        *,
        display_name: str | None = None,
        production: bool = False,
        contacts: Sequence[Contact] = (),
    ) -> Environment:
        """Create an environment; the broker refuses a name that is taken."""
        body = describe_environment(name, display_name, production=production, contacts=contacts)
        return _read(
            Environment.read, self._transport.fetch("POST", self._index.find("pb:environments"), json=body)
        )

    def record_deployment(
        self, participant: str, version: str, environment: str, application_instance: str | None = None
    ) -> Deployment:
        """Record that this version now runs in this environment, in place of the one recorded before.

        With `application_instance` only the version recorded for the same instance is replaced. Raises
        NotFound for an unknown version, and for an unknown environment with the names of those there are.
        """
        found = self._fetch_version(participant, version)
        href = _read(lambda body: find_recording_link(body, environment), found)
        body = {} if application_instance is None else {"applicationInstance": application_instance}
        return _read(Deployment.read, self._transport.fetch("POST", self._index.locate(href), json=body))

    def can_i_deploy(
        self, participant: str, version: str, *, environment: str, ignore: Sequence[Selector] = ()
    ) -> Verdict:
        """Return whether this version is compatible with everything that is live in this environment."""
        return self.ask(Question([Selector(participant, version)], environment=environment, ignore=ignore))

    def ask(self, question: Question) -> Verdict:
        """Return the broker's verdict; raises BrokerRefused when it does not know what is named.

        Raises NotABroker when contracts are required of a broker that does not judge whether there are any.
        """
        answer = self._transport.fetch("GET", f"{self.url}/matrix", params=question.query())
        verdict = _read(Verdict.read, answer)
        if question.require_contracts and "verdict" not in answer["summary"]:
            raise NotABroker("This broker can't require that there are contracts; Tallystick's does.")
        return verdict

    def can_i_undeploy(
        self,
        participant: str,
        version: str | None = None,
        *,
        environment: str,
        ignore: Sequence[Selector] = (),
    ) -> Verdict:
        """Return whether this version, or all of the participant's, may be taken away from this environment.

        Raises as `plan` does.
        """
        params = query_former(environment, Selector(participant, version), ignore)
        return _read(Verdict.read, self._ask_tallystick("can-i-undeploy", params))

    def can_i_rollback(
        self, participant: str, *, environment: str, last: int = 5, ignore: Sequence[Selector] = ()
    ) -> Rollback:
        """Return which of the last versions that were live in this environment would be safe there now.

        Raises as `plan` does.
        """
        params = [*query_former(environment, Selector(participant), ignore), ("last", str(last))]
        return _read(Rollback.read, self._ask_tallystick("can-i-rollback", params))

    def plan(
        self, environment: str, selectors: Sequence[Selector] = (), *, ignore: Sequence[Selector] = ()
    ) -> Plan:
        """Return in which order these versions can go to this environment; without any, the heads of main branches.

        Raises BrokerRefused when the broker does not know what is named, and NotFound when it is not Tallystick's.
        """
        return _read(Plan.read, self._ask_tallystick("plan", query_plan(environment, selectors, ignore)))

    def create_override(
        self,
        environment: str,
        consumer: Party,
        provider: Party,
        *,
        reason: str,
        created_by: str,
        expires_at: datetime,
    ) -> Override:
        """Decide that this pair does not count in this environment for a while; the same again is no second one.

        A side without a version is every version. The broker refuses an end that is past or too far away, and
        another override of the same pair of versions while one is in effect.
        """
        body = describe_override(environment, consumer, provider, reason, created_by, expires_at)
        url = self._index.find("pb:overrides")
        return _read(Override.read, self._transport.fetch("POST", url, json=body, repeatable=True))

    def overrides(
        self, *, environment: str | None = None, participant: str | None = None, ended: bool = False
    ) -> list[Override]:
        """Return the overrides in effect, the newest first; with `ended` also those that are no longer."""
        given = {"environment": environment, "pacticipant": participant, "all": "true" if ended else None}
        params = [(name, value) for name, value in given.items() if value is not None]
        answer = self._transport.fetch("GET", self._index.find("pb:overrides"), params=params)
        return _read(lambda body: [Override.read(each) for each in body["_embedded"]["overrides"]], answer)

    def end_override(self, uuid: str, *, ended_by: str) -> Override:
        """End an override now; it stays on record. Raises NotFound when there is none with this UUID."""
        url = expand(f"{self._index.find('pb:overrides')}/{{override}}", override=uuid)
        body = {"inEffect": False, "endedBy": ended_by}
        answer = self._transport.fetch("PATCH", url, json=body, headers=MERGE_PATCH, repeatable=True)
        return _read(Override.read, answer)

    @cached_property
    def _index(self) -> Index:
        body = self._transport.fetch("GET", f"{self.url}/")
        return Index(self.url, _read(lambda body: dict(body["_links"]), body))

    def _ask_tallystick(self, path: str, params: Query) -> dict[str, Any]:
        try:
            return self._transport.fetch("GET", f"{self.url}/{path}", params=params)
        except NotFound as error:
            raise NotFound(f"This broker has no /{path}; Tallystick's has.", error.errors) from error

    def _fetch_contract(self, entry: Mapping[str, Any]) -> ContractToVerify:
        href = _read(lambda entry: str(entry["_links"]["self"]["href"]), entry)
        document = self._transport.fetch("GET", self._index.locate(href))
        return _read(lambda document: ContractToVerify.read(entry, document), document)

    def _fetch_version(self, participant: str, version: str) -> dict[str, Any]:
        url = self._index.find("pb:pacticipant-version", pacticipant=participant, version=version)
        try:
            return self._transport.fetch("GET", url)
        except NotFound as error:
            raise NotFound(
                f"The broker does not know version {version!r} of {participant!r}. Publish its contracts or "
                "its verification results first, with exactly this version.",
                error.errors,
            ) from error


def _read(read: Callable[[Any], T], body: Any) -> T:
    """Return what `read` makes of a broker's answer; raises NotABroker when the answer has another shape."""
    try:
        return read(body)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise NotABroker(
            f"The broker's answer has an unexpected shape ({type(error).__name__}: {error}). Is this really "
            "a broker, and does this version of the client fit it?"
        ) from error
