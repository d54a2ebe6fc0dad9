"""Contracts, which the wire calls pacts: published one at a time, and read."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response
from sqlalchemy import delete, select
from sqlalchemy.orm import Session, undefer

from tallystick_broker import contracts
from tallystick_broker.api.bodies import JSON, MERGE_PATCH, check_name, json_body
from tallystick_broker.api.boundary import route
from tallystick_broker.api.hal import Json, base_url, created, curies, link, moment, reply, templated, url
from tallystick_broker.api.metadata import decode
from tallystick_broker.contracts import Contract, Outcome, Pair
from tallystick_broker.errors import Invalid
from tallystick_broker.models import Content, Participant, Publication, Version
from tallystick_broker.participants import get_participant
from tallystick_broker.versions import ensure_version
from tallystick_contracts.documents import read

routes = Blueprint("contracts", __name__, url_prefix="/pacts")
PAIR = "/provider/<name:provider>/consumer/<name:consumer>"


@dataclass(frozen=True)
class Shown:
    """A content as one consumer version published it; `metadata` is the segment of the URL it was asked by."""

    pair: Pair
    number: str
    publication: Publication
    content: Content
    metadata: str | None = None

    @property
    def address(self) -> str:
        """The address of the consumer version's pact."""
        return contract_url(self.pair, "version", self.number)

    @property
    def name(self) -> str:
        """What clients show as the pact's name."""
        return f"Pact between {self.pair.consumer.name} ({self.number}) and {self.pair.provider.name}"


@route(routes, f"{PAIR}/version/<name:number>")
def show(session: Session, provider: str, consumer: str, number: str) -> Response:
    """Answer the pact of the consumer version."""
    pair = contracts.get_pair(session, provider, consumer)
    return _show(session, pair, contracts.get_publication(session, pair, number))


@route(routes, f"{PAIR}/version/<name:number>", "PUT")
def publish(session: Session, provider: str, consumer: str, number: str) -> Response:
    """Publish the pact of the consumer version."""
    return _publish(session, number, Contract(consumer, provider, json_body()))


@route(routes, f"{PAIR}/version/<name:number>", "PATCH")
def merge(session: Session, provider: str, consumer: str, number: str) -> Response:
    """Add interactions to the pact of the consumer version, which is published when there is none."""
    document = json_body(types=JSON + MERGE_PATCH)
    return _publish(session, number, Contract(consumer, provider, document, merge=True))


@route(routes, f"{PAIR}/version/<name:number>", "DELETE")
def remove(session: Session, provider: str, consumer: str, number: str) -> Response:
    """Delete the pact of the consumer version, with all its revisions; the version stays."""
    pair = contracts.get_pair(session, provider, consumer)
    found = contracts.get_publication(session, pair, number)
    wanted = delete(Publication).filter_by(provider_id=pair.provider.id)
    session.execute(wanted.filter_by(consumer_version_id=found.consumer_version_id))
    others = select(Publication.id).filter_by(**pair.key, in_effect=True).limit(1)
    links = {"index": link(base_url(), title="Index")}
    if session.scalar(others) is not None:
        links["pb:latest-pact-version"] = link(contract_url(pair, "latest"), title="Latest pact")
    return reply({"_links": links})


@route(routes, f"{PAIR}/pact-version/<name:sha>")
@route(routes, f"{PAIR}/pact-version/<name:sha>/metadata/<name:metadata>")
def show_content(
    session: Session, provider: str, consumer: str, sha: str, metadata: str | None = None
) -> Response:
    """Answer the content with this fingerprint, as the newest consumer version that has it published it."""
    pair = contracts.get_pair(session, provider, consumer)
    content = contracts.get_content(session, pair, sha)
    numbers = decode(metadata or "").consumer_version_numbers
    return _show(session, pair, contracts.get_publication_of(session, content, numbers), metadata)


@route(routes, f"{PAIR}/latest")
def show_latest(session: Session, provider: str, consumer: str) -> Response:
    """Answer the pact of the newest consumer version."""
    pair = contracts.get_pair(session, provider, consumer)
    return _show(session, pair, contracts.latest_publication(session, pair))


@route(routes, "/provider/<name:provider>/latest")
def list_latest_of_provider(session: Session, provider: str) -> Response:
    """Answer links to the newest pact of each consumer."""
    participant = get_participant(session, provider, "provider")
    shown = _latest(session, participant)
    links = [
        link(each.address, title=each.name, name=each.pair.consumer.name)
        for each in sorted(shown, key=lambda each: each.pair.consumer.name)
    ]
    to_provider = link(url("pacticipants", provider), title="Provider", name=provider)
    self = link(url("pacts", "provider", provider, "latest"), title=f"Latest pact versions for {provider}")
    members = {"self": self, "pb:provider": to_provider, "pb:pacts": links}
    return reply({"_links": members | {"provider": to_provider, "pacts": links}})


@route(routes, "/latest")
def list_latest(session: Session) -> Response:
    """Answer the newest pact of each pair."""
    shown = _latest(session)
    links = [link(contract_url(each.pair, "latest"), title=each.name) for each in shown]
    self = link(url("pacts", "latest"), title="Latest pacts")
    members = {"self": self, "pb:pacts": links, "pacts": links, "curies": curies("pacts")}
    return reply({"pacts": [_summary(each) for each in shown], "_links": members})


def contract_url(pair: Pair, *segments: str) -> str:
    """Return the address of something that belongs to a consumer and a provider."""
    return url("pacts", "provider", pair.provider.name, "consumer", pair.consumer.name, *segments)


def represent(shown: Shown) -> Any:
    """Return the pact's representation: its document with links; one that is no object stays as it is."""
    document = read(shown.content.document)
    if not isinstance(document, dict):
        return document
    added = {"createdAt": moment(shown.publication.created_at), "_links": _links(shown)}
    return document | added


def _show(session: Session, pair: Pair, publication: Publication, metadata: str | None = None) -> Response:
    content = session.get_one(Content, publication.content_id, options=[undefer(Content.document)])
    number = session.get_one(Version, publication.consumer_version_id).number
    body = represent(Shown(pair, number, publication, content, metadata))
    return reply(body, headers={"X-Pact-Consumer-Version": number.encode().decode("latin-1")})


def _publish(session: Session, number: str, contract: Contract) -> Response:
    _check_names(contract.document, contract)
    for field, name in {
        "consumer": contract.consumer,
        "provider": contract.provider,
        "version": number,
    }.items():
        check_name(name, field)
    contracts.check_conflicts(session, contract.consumer, number, [contract])
    version, _ = ensure_version(session, contract.consumer, number)
    (published,) = contracts.publish(session, version, [contract])
    pair = contracts.get_pair(session, contract.provider, contract.consumer)
    publication = contracts.get_publication(session, pair, number)
    shown = Shown(pair, number, publication, published.content)
    if published.outcome is Outcome.CREATED:
        return created(represent(shown), shown.address)
    return reply(represent(shown))


def _check_names(document: Any, contract: Contract) -> None:
    errors = {
        f"{role}.name": [f"in the pact ('{said}') does not match the one in the path ('{name}')"]
        for role, name in {"consumer": contract.consumer, "provider": contract.provider}.items()
        if (said := contracts.name_in(document, role)) not in (None, name)
    }
    if errors:
        raise Invalid(errors)


def _latest(session: Session, provider: Participant | None = None) -> list[Shown]:
    return [
        Shown(Pair(consumer, to), version.number, publication, content)
        for consumer, to, version, publication, content in contracts.latest_publications(session, provider)
    ]


def _summary(shown: Shown) -> Json:
    consumer, provider = shown.pair.consumer.name, shown.pair.provider.name
    version = {
        "number": shown.number,
        "_links": {"self": link(url("pacticipants", consumer, "versions", shown.number))},
    }
    links = {"self": link(url("pacticipants", consumer))}
    return {
        "createdAt": moment(shown.publication.created_at),
        "_embedded": {
            "consumer": {"name": consumer, "_embedded": {"version": version}, "_links": links},
            "provider": {"name": provider, "_links": {"self": link(url("pacticipants", provider))}},
        },
        "_links": {"self": [link(contract_url(shown.pair, "latest")), link(shown.address)]},
    }


def _links(shown: Shown) -> Json:
    pair, address = shown.pair, shown.address
    consumer, provider, number = pair.consumer.name, pair.provider.name, shown.number
    sha = contract_url(pair, "pact-version", shown.content.fingerprint)
    results = f"{sha}/metadata/{shown.metadata}" if shown.metadata else sha
    version = url("pacticipants", consumer, "versions", number)
    versions = [link(version, title="Consumer version", name=number)]
    query = urlencode({"q[][pacticipant]": consumer, "q[][version]": number, "latestby": "cvpv"})
    return {
        "self": link(address, title="Pact", name=shown.name),
        "pb:consumer": link(url("pacticipants", consumer), title="Consumer", name=consumer),
        "pb:consumer-version": versions[0],
        **(
            {"pb:consumer-versions": versions}
            if decode(shown.metadata or "").consumer_version_numbers
            else {}
        ),
        "pb:provider": link(url("pacticipants", provider), title="Provider", name=provider),
        "pb:pact-version": link(sha, title="Pact content version permalink", name=shown.content.fingerprint),
        "pb:latest-pact-version": link(contract_url(pair, "latest"), title="Latest version of this pact"),
        "pb:all-pact-versions": link(contract_url(pair, "versions"), title="All versions of this pact"),
        "pb:latest-untagged-pact-version": link(
            contract_url(pair, "latest-untagged"), title="Latest untagged version of this pact"
        ),
        "pb:latest-tagged-pact-version": templated(
            f"{contract_url(pair, 'latest')}/{{tag}}", "Latest version of this pact with a tag"
        ),
        "pb:previous-distinct": link(f"{address}/previous-distinct", title="Previous distinct pact"),
        "pb:diff-previous-distinct": link(
            f"{address}/diff/previous-distinct", title="Differences to the previous distinct pact"
        ),
        "pb:diff": templated(f"{sha}/diff/pact-version/{{pactVersion}}", "Differences to another pact"),
        "pb:pact-webhooks": link(
            url("webhooks", "provider", provider, "consumer", consumer), title="Webhooks of this pair"
        ),
        "pb:tag-prod-version": link(f"{version}/tags/prod", title="PUT here to tag this version 'prod'"),
        "pb:tag-version": link(f"{version}/tags/{{tag}}", title="PUT here to tag this version"),
        "pb:publish-verification-results": link(
            f"{results}/verification-results", title="Publish verification results"
        ),
        "pb:latest-verification-results": link(
            f"{sha}/verification-results/latest", title="Latest verification result"
        ),
        "pb:triggered-webhooks": link(
            f"{address}/triggered-webhooks", title="Webhooks triggered by this pact"
        ),
        "pb:matrix-for-consumer-version": link(f"{url('matrix')}?{query}", title="Matrix of this version"),
        "curies": curies("pact"),
    }
