"""Verification results: published by providers' builds, and read."""

from typing import Any

from flask import Blueprint, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from tallystick_broker import contracts, publications, verifications
from tallystick_broker.api.bodies import NAME, json_body
from tallystick_broker.api.boundary import route
from tallystick_broker.api.hal import Json, created, given, here, link, moment, reply
from tallystick_broker.api.metadata import Metadata, decode, encode
from tallystick_broker.api.pact import contract_url
from tallystick_broker.contracts import Pair
from tallystick_broker.errors import NotFound
from tallystick_broker.models import Content, Participant, Publication, Result, Version
from tallystick_broker.verifications import Verification
from tallystick_broker.versions import get_version

routes = Blueprint("results", __name__)
PAIR = "/pacts/provider/<name:provider>/consumer/<name:consumer>"
CONTENT = f"{PAIR}/pact-version/<name:sha>"

TEXT = {"type": ["string", "null"]}
CLIENT = {
    "type": ["object", "null"],
    "properties": {"name": TEXT, "version": TEXT, "testFramework": TEXT},
}
VERIFIED_BY = {
    "type": ["object", "null"],
    "properties": {"implementation": TEXT, "version": TEXT, "clientLanguage": CLIENT},
}
SCHEMA = {
    "type": "object",
    "required": ["success", "providerApplicationVersion"],
    "properties": {
        "success": {"type": "boolean"},
        "providerApplicationVersion": NAME,
        "buildUrl": {"type": ["string", "null"], "format": "url"},
        "verifiedBy": VERIFIED_BY,
    },
}


@route(routes, f"{CONTENT}/verification-results", "POST")
@route(routes, f"{CONTENT}/metadata/<name:metadata>/verification-results", "POST")
def publish(
    session: Session, provider: str, consumer: str, sha: str, metadata: str | None = None
) -> Response:
    """Record what a provider version made of the content."""
    body = json_body(SCHEMA)
    pair = contracts.get_pair(session, provider, consumer)
    content = contracts.get_content(session, pair, sha)
    context = decode(metadata or "")
    result = verifications.record_result(
        session,
        content,
        Verification(
            provider_version=body["providerApplicationVersion"],
            success=body["success"],
            build_url=body.get("buildUrl"),
            test_results=body.get("testResults"),
            verified_by=body.get("verifiedBy"),
            wip=context.wip,
            pending=context.pending,
        ),
    )
    return created(_represent(session, pair, content, result), _address(pair, content, result))


@route(routes, f"{CONTENT}/verification-results/<name:number>")
@route(routes, f"{CONTENT}/metadata/<name:metadata>/verification-results/<name:number>")
def show(  # the metadata says what the link came from, and nothing about the result
    session: Session,
    provider: str,
    consumer: str,
    sha: str,
    number: str,
    metadata: str = "",  # noqa: ARG001
) -> Response:
    """Answer the result; `latest` is the newest one."""
    pair = contracts.get_pair(session, provider, consumer)
    content = contracts.get_content(session, pair, sha)
    if number == "latest":
        return _show_latest(session, pair, content)
    if not number.isascii() or not number.isdecimal():
        raise NotFound(f"A verification result is named by its number, or latest, not '{number}'")
    return reply(_represent(session, pair, content, verifications.get_result(session, content, int(number))))


@route(routes, f"{PAIR}/version/<name:number>/verification-results/latest")
def show_latest_of_version(session: Session, provider: str, consumer: str, number: str) -> Response:
    """Answer the newest result of what the consumer version published."""
    pair = contracts.get_pair(session, provider, consumer)
    publication = contracts.get_publication(session, pair, number)
    return _show_latest(session, pair, session.get_one(Content, publication.content_id), number)


@route(routes, f"{PAIR}/latest/verification-results/latest")
def show_latest_of_latest(session: Session, provider: str, consumer: str) -> Response:
    """Answer the newest result of the newest pact."""
    pair = contracts.get_pair(session, provider, consumer)
    publication = publications.get_newest(session, pair).publication
    return _show_latest(session, pair, session.get_one(Content, publication.content_id))


@route(routes, "/verification-results/consumer/<name:consumer>/version/<name:number>/latest")
def show_of_consumer_version(session: Session, consumer: str, number: str) -> Response:
    """Answer the newest result of each pact of the consumer version, and whether all are successful."""
    version = get_version(session, consumer, number)
    wanted = (
        select(Content, Participant)
        .join(Publication, Publication.content_id == Content.id)
        .join(Participant, Participant.id == Publication.provider_id)
        .where(Publication.consumer_version_id == version.id, Publication.in_effect)
        .order_by(Participant.name)
    )
    summary: dict[str, list[str]] = {"successful": [], "failed": [], "unknown": []}
    shown = []
    for content, provider in session.execute(wanted):
        result = verifications.find_latest_result(session, content)
        outcome = "unknown" if result is None else "successful" if result.success else "failed"
        summary[outcome].append(provider.name)
        if result is not None:
            pair = contracts.get_pair(session, provider.name, consumer)
            shown.append(_represent(session, pair, content, result, number))
    success = bool(summary["successful"]) and not summary["failed"] and not summary["unknown"]
    body = {"success": success, "providerSummary": summary, "_embedded": {"verificationResults": shown}}
    return reply(body | {"_links": {"self": link(here(), title="Latest verification results")}})


def _show_latest(session: Session, pair: Pair, content: Content, number: str | None = None) -> Response:
    result = verifications.find_latest_result(session, content)
    if result is None:
        raise NotFound("This pact content has not been verified yet")
    return reply(_represent(session, pair, content, result, number))


def _represent(
    session: Session, pair: Pair, content: Content, result: Result, number: str | None = None
) -> Json:
    """Return the result's representation; `number` is the consumer version that it was asked by."""
    version = session.get_one(Version, result.provider_version_id).number
    session.refresh(result, ["test_results"])
    self = _address(pair, content, result)
    body = {
        "providerName": pair.provider.name,
        "providerApplicationVersion": version,
        "success": result.success,
        "verificationDate": moment(result.executed_at),
    }
    body |= given(buildUrl=result.build_url, testResults=result.test_results)
    body["verifiedBy"] = _verified_by(result.verified_by or {})
    body["_links"] = {
        "self": link(self, title="Verification result", name=f"Verification result {result.id}"),
        "pb:pact-version": _link_to_pact(session, pair, content, number),
        "pb:triggered-webhooks": link(
            f"{self}/triggered-webhooks", title="Webhooks triggered by this result"
        ),
    }
    return body


def _link_to_pact(session: Session, pair: Pair, content: Content, number: str | None) -> Json:
    published = contracts.find_publication_of(session, content, [number] if number else [])
    address = contract_url(pair, "pact-version", content.fingerprint)
    if published is None:
        return link(address, title="Pact")
    number = session.get_one(Version, published.consumer_version_id).number
    segment = encode(Metadata(consumer_version_numbers=(number,)))
    name = f"Pact between {pair.consumer.name} ({number}) and {pair.provider.name}"
    return link(f"{address}/metadata/{segment}", title="Pact", name=name)


def _verified_by(said: Any) -> Json:
    client = said.get("clientLanguage") or {}
    return given(
        implementation=said.get("implementation"),
        version=said.get("version"),
        client_implementation=client.get("name"),
        client_test_framework=client.get("testFramework"),
        client_version=client.get("version"),
    )


def _address(pair: Pair, content: Content, result: Result) -> str:
    return contract_url(pair, "pact-version", content.fingerprint, "verification-results", str(result.id))
