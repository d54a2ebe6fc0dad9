"""Verification results: published by providers' builds, and read."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response
from sqlalchemy.orm import Session

from tallystick_broker import contracts, publications, verifications
from tallystick_broker.api.announcements import announce_result
from tallystick_broker.api.bodies import NAME, json_body
from tallystick_broker.api.boundary import View, route
from tallystick_broker.api.contracts import PAIR
from tallystick_broker.api.hal import Json, created, given, gone, here, link, moment, reply
from tallystick_broker.api.metadata import Metadata, decode, encode
from tallystick_broker.api.operations import GONE, Takes, made, shown
from tallystick_broker.api.pact import contract_url
from tallystick_broker.api.shapes import (
    ANYTHING,
    FLAG,
    MOMENT,
    TEXT,
    component,
    fields,
    links_to,
    many,
    resource,
    texts,
)
from tallystick_broker.contracts import Pair
from tallystick_broker.errors import NotFound
from tallystick_broker.models import Content, Participant, Result, Version
from tallystick_broker.publications import Place
from tallystick_broker.verifications import Verification
from tallystick_broker.versions import get_version

routes = Blueprint("results", __name__)
CONTENT = f"{PAIR}/pact-version/<name:sha>"

NUMBER = re.compile(r"[0-9]{1,18}")
"""The number of a result: one that a database can hold."""
MOST_REPEATED = 20
"""How often a summary lists one result: it is the same each time."""

OPTIONAL = {"type": ["string", "null"]}
CLIENT = {
    "type": ["object", "null"],
    "properties": {"name": OPTIONAL, "version": OPTIONAL, "testFramework": OPTIONAL},
}
VERIFIED_BY = {
    "type": ["object", "null"],
    "properties": {"implementation": OPTIONAL, "version": OPTIONAL, "clientLanguage": CLIENT},
}
SCHEMA = {
    "type": "object",
    "required": ["success", "providerApplicationVersion"],
    "properties": {
        "success": {"type": "boolean"},
        "providerApplicationVersion": NAME,
        "buildUrl": {"type": ["string", "null"], "format": "uri"},
        "verifiedBy": VERIFIED_BY,
    },
}
RESULT = component(
    "VerificationResult",
    resource(
        texts("providerName", "providerApplicationVersion")
        | {"success": FLAG, "verificationDate": MOMENT, "verifiedBy": {"type": "object"}},
        links_to("self", "pb:pact-version", "pb:triggered-webhooks"),
        optional={"buildUrl": TEXT, "testResults": ANYTHING},
    ),
)
OF_VERSION = resource(
    {
        "success": FLAG,
        "providerSummary": fields(dict.fromkeys(("successful", "failed", "unknown"), many(TEXT))),
    },
    links_to("self"),
    embedded=fields({"verificationResults": many(RESULT)}),
)


@dataclass(frozen=True)
class Shown:
    """A result, the number of the provider version that it is of, and that of a consumer version with the content."""

    pair: Pair
    content: Content
    result: Result
    provider_version: str
    number: str | None


def of_content(rule: str, method: str = "GET", **described: Any) -> Callable[[View], View]:
    """Return a decorator that serves a view below a content, by whichever link to it the client has come."""

    def decorate(view: View) -> View:
        for way in ("", "/metadata/<name:metadata>"):
            route(routes, f"{CONTENT}{way}/verification-results{rule}", method, **described)(view)
        return view

    return decorate


@of_content("", "POST", takes=Takes(SCHEMA), answers=made(RESULT))
def publish(session: Session, provider: str, consumer: str, sha: str, metadata: str = "") -> Response:
    """Record what a provider version made of the content."""
    body = json_body()
    pair = contracts.get_pair(session, provider, consumer)
    content = contracts.get_content(session, pair, sha)
    context = decode(metadata)
    found = publications.get_publication_of(session, pair, content)
    result = verifications.record_result(
        session,
        pair,
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
    announce_result(session, pair, content, result, context)
    shown = Shown(pair, content, result, body["providerApplicationVersion"], found.number)
    return created(_represent(shown), _address(shown))


@of_content("/<name:number>", answers=shown(RESULT))
def show(
    session: Session,
    provider: str,
    consumer: str,
    sha: str,
    number: str,
    metadata: str = "",  # noqa: ARG001 (it says what the link came from, and nothing about the result)
) -> Response:
    """Answer the result; `latest` is the newest one."""
    pair = contracts.get_pair(session, provider, consumer)
    content = contracts.get_content(session, pair, sha)
    if number == "latest":
        return _show_latest(session, pair, content)
    result = _get(session, content, number)
    return reply(_represent(_shown(session, pair, content, result, _version_of(session, result))))


@of_content("/<name:number>", "DELETE", answers=GONE)
def remove(
    session: Session,
    provider: str,
    consumer: str,
    sha: str,
    number: str,
    metadata: str = "",  # noqa: ARG001
) -> Response:
    """Delete the result; the one before it counts again."""
    content = contracts.get_content(session, contracts.get_pair(session, provider, consumer), sha)
    verifications.delete_result(session, _get(session, content, number))
    return gone()


@route(routes, f"{PAIR}/version/<name:number>/verification-results/latest", answers=shown(RESULT))
def show_latest_of_version(session: Session, provider: str, consumer: str, number: str) -> Response:
    """Answer the newest result of what the consumer version published."""
    pair = contracts.get_pair(session, provider, consumer)
    publication = publications.get_publication(session, pair, number).publication
    return _show_latest(session, pair, session.get_one(Content, publication.content_id), number)


@route(routes, f"{PAIR}/latest/verification-results/latest", answers=shown(RESULT))
@route(routes, f"{PAIR}/latest/<name:tag>/verification-results/latest", answers=shown(RESULT))
def show_latest_of_latest(session: Session, provider: str, consumer: str, tag: str | None = None) -> Response:
    """Answer the newest result of the newest pact, or of the newest one with the tag."""
    pair = contracts.get_pair(session, provider, consumer)
    found = publications.get_newest(session, pair, Place(tag=tag))
    content = session.get_one(Content, found.publication.content_id)
    return _show_latest(session, pair, content, found.number)


@route(
    routes,
    "/verification-results/consumer/<name:consumer>/version/<name:number>/latest",
    answers=shown(OF_VERSION),
)
def show_of_consumer_version(session: Session, consumer: str, number: str) -> Response:
    """Answer the newest result of each pact of the consumer version, and whether all are successful.

    Like the Pact Broker this lists a result once for each consumer version that has the content, to a limit.
    """
    version = get_version(session, consumer, number)
    participant = session.get_one(Participant, version.participant_id)
    summary: dict[str, list[str]] = {"successful": [], "failed": [], "unknown": []}
    shown: list[Json] = []
    for each in verifications.list_latest_results(session, version):
        name, times = each.provider.name, min(each.publishers, MOST_REPEATED)
        if each.result is None:
            summary["unknown"].append(name)
            continue
        summary["successful" if each.result.success else "failed"] += [name] * times
        pair = Pair(participant, each.provider)
        of = Shown(pair, each.content, each.result, str(each.provider_version), each.newest_publisher)
        shown += [_represent(of)] * times
    success = bool(summary["successful"]) and not summary["failed"] and not summary["unknown"]
    body = {"success": success, "providerSummary": summary, "_embedded": {"verificationResults": shown}}
    return reply(
        body | {"_links": {"self": link(here(with_query=False), title="Latest verification results")}}
    )


def _get(session: Session, content: Content, number: str) -> Result:
    if not NUMBER.fullmatch(number):
        raise NotFound(f"A verification result is named by its number, or latest, not '{number}'")
    return verifications.get_result(session, content, int(number))


def _show_latest(session: Session, pair: Pair, content: Content, number: str | None = None) -> Response:
    result = verifications.find_latest_result(session, content)
    if result is None:
        raise NotFound("This pact content has not been verified yet")
    version = _version_of(session, result)
    return reply(_represent(_shown(session, pair, content, result, version, number)))


def _version_of(session: Session, result: Result) -> str:
    return session.get_one(Version, result.provider_version_id).number


def _shown(
    session: Session, pair: Pair, content: Content, result: Result, version: str, number: str | None = None
) -> Shown:
    """Return the provider version's result with what is told of it; `number` is the consumer version asked by."""
    found = publications.find_publication_of(session, pair, content, [number] if number else [])
    return Shown(pair, content, result, version, found.number if found else number)


def _represent(shown: Shown) -> Json:
    result, self = shown.result, _address(shown)
    body = {
        "providerName": shown.pair.provider.name,
        "providerApplicationVersion": shown.provider_version,
        "success": result.success,
        "verificationDate": moment(result.executed_at),
    }
    body |= given(buildUrl=result.build_url, testResults=result.test_results)
    body["verifiedBy"] = _verified_by(result.verified_by or {})
    body["_links"] = {
        "self": link(self, title="Verification result", name=f"Verification result {result.id}"),
        "pb:pact-version": _link_to_pact(shown),
        "pb:triggered-webhooks": link(
            f"{self}/triggered-webhooks", title="Webhooks triggered by this result"
        ),
    }
    return body


def _link_to_pact(shown: Shown) -> Json:
    pair, number = shown.pair, shown.number
    address = contract_url(pair, "pact-version", shown.content.fingerprint)
    if number is None:
        return link(address, title="Pact")
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


def _address(shown: Shown) -> str:
    fingerprint, number = shown.content.fingerprint, str(shown.result.id)
    return contract_url(shown.pair, "pact-version", fingerprint, "verification-results", number)
