"""Contracts, which the wire calls pacts: published one at a time, read, and deleted."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, request
from sqlalchemy.orm import Session

from tallystick_broker import contracts, publications, publishing
from tallystick_broker.api import pact
from tallystick_broker.api.address import base_url
from tallystick_broker.api.announcements import announce_contracts
from tallystick_broker.api.bodies import check_name, json_body
from tallystick_broker.api.boundary import View, route
from tallystick_broker.api.hal import created, link, reply
from tallystick_broker.api.metadata import decode
from tallystick_broker.api.operations import ERRORS, JSON, MERGE_PATCH, Answer, Takes, hal, shown, written
from tallystick_broker.api.pact import PACT
from tallystick_broker.api.shapes import TEXT, links_to, resource
from tallystick_broker.contracts import Pair
from tallystick_broker.errors import Conflict, Invalid
from tallystick_broker.publications import Place
from tallystick_broker.publishing import ContentConflict, Contract, Outcome, Submission

routes = Blueprint("contracts", __name__)
OF_PAIR = "/provider/<name:provider>/consumer/<name:consumer>"
PAIR = f"/pacts{OF_PAIR}"
ADDRESSES = (
    f"{PAIR}/version/<name:number>",
    f"{PAIR}/versions/<name:number>",
    f"/pact{OF_PAIR}/version/<name:number>",
)
"""Where a version's pact is; clients of long ago still use the other two."""

DOCUMENT = {"type": ["object", "array"]}
PUBLISHED = {
    **written(PACT),
    409: Answer("It contradicts what is there, and nothing was published", {**ERRORS, "text/plain": TEXT}),
}
DELETED = {
    200: Answer(
        "They were deleted",
        hal(resource({}, links_to("index", optional=["pb:latest-pact-version"]))),
    )
}


def at_version(method: str, **described: Any) -> Callable[[View], View]:
    """Return a decorator that serves a view wherever the pact of a consumer version is."""

    def decorate(view: View) -> View:
        for address in ADDRESSES:
            route(routes, address, method, deprecated=address != ADDRESSES[0], **described)(view)
        return view

    return decorate


@at_version("GET", answers=shown(PACT))
def show(session: Session, provider: str, consumer: str, number: str) -> Response:
    """Answer the pact of the consumer version."""
    pair = contracts.get_pair(session, provider, consumer)
    return pact.show(session, publications.get_publication(session, pair, number))


@at_version("PUT", takes=Takes(DOCUMENT), answers=PUBLISHED)
def publish(session: Session, provider: str, consumer: str, number: str) -> Response:
    """Publish the pact of the consumer version."""
    return _publish(session, consumer, number, Contract(provider, json_body()))


@at_version("PATCH", takes=Takes(DOCUMENT, JSON + MERGE_PATCH), answers=PUBLISHED)
def merge(session: Session, provider: str, consumer: str, number: str) -> Response:
    """Add interactions to the pact of the consumer version, which is published when there is none."""
    document = json_body()
    return _publish(session, consumer, number, Contract(provider, document, merge=True))


@at_version("DELETE", answers=DELETED)
def remove(session: Session, provider: str, consumer: str, number: str) -> Response:
    """Delete the pact of the consumer version, with all its revisions; the version stays."""
    pair = contracts.get_pair(session, provider, consumer)
    found = publications.get_publication(session, pair, number)
    publications.delete_publications(session, pair, [found.publication])
    return answer_deletion(session, pair)


@route(routes, f"{PAIR}/pact-version/<name:sha>", answers=shown(PACT))
@route(routes, f"{PAIR}/pact-version/<name:sha>/metadata/<name:metadata>", answers=shown(PACT))
def show_content(
    session: Session, provider: str, consumer: str, sha: str, metadata: str | None = None
) -> Response:
    """Answer the content with this fingerprint, as the newest consumer version that has it published it."""
    pair = contracts.get_pair(session, provider, consumer)
    content = contracts.get_content(session, pair, sha, with_document=True)
    numbers = decode(metadata or "").consumer_version_numbers
    found = publications.get_publication_of(session, pair, content, numbers)
    return pact.show(session, found, metadata)


@route(routes, f"{PAIR}/latest", answers=shown(PACT))
@route(routes, f"/pact{OF_PAIR}/latest", answers=shown(PACT), deprecated=True)
def show_latest(session: Session, provider: str, consumer: str) -> Response:
    """Answer the pact of the newest consumer version."""
    return _show_newest(session, provider, consumer, Place())


@route(routes, f"{PAIR}/latest/<name:tag>", answers=shown(PACT))
def show_latest_tagged(session: Session, provider: str, consumer: str, tag: str) -> Response:
    """Answer the pact of the newest consumer version that has one and the tag."""
    return _show_newest(session, provider, consumer, Place(tag=tag))


@route(routes, f"{PAIR}/latest-untagged", answers=shown(PACT))
def show_latest_untagged(session: Session, provider: str, consumer: str) -> Response:
    """Answer the pact of the newest consumer version that has one and no tag."""
    return _show_newest(session, provider, consumer, Place(untagged=True))


@route(routes, f"{PAIR}/branch/<name:branch>/latest", answers=shown(PACT))
def show_latest_on_branch(session: Session, provider: str, consumer: str, branch: str) -> Response:
    """Answer the pact of the newest consumer version on the branch that has one, which need not be the head."""
    return _show_newest(session, provider, consumer, Place(branch=branch))


def answer_deletion(session: Session, pair: Pair) -> Response:
    """Return the answer to the deletion of pacts: where to go from here."""
    links = {"index": link(base_url(), title="Index")}
    if publications.find_newest(session, pair) is not None:
        links["pb:latest-pact-version"] = link(pact.contract_url(pair, "latest"), title="Latest pact")
    return reply({"_links": links})


def _show_newest(session: Session, provider: str, consumer: str, place: Place) -> Response:
    pair = contracts.get_pair(session, provider, consumer)
    return pact.show_selected(session, publications.get_newest(session, pair, place))


def _publish(session: Session, consumer: str, number: str, contract: Contract) -> Response:
    _check_names(contract.document, {"consumer": consumer, "provider": contract.provider})
    for field, name in {"consumer": consumer, "provider": contract.provider, "version": number}.items():
        check_name(name, field)
    try:
        receipt = publishing.publish(session, Submission(consumer, number, [contract]))
    except Conflict as conflict:
        return _refuse(conflict, contract)
    announce_contracts(session, receipt)
    (published,) = receipt.published
    found = publications.Found(published.pair, number, published.publication)
    body = pact.represent(pact.Shown(found, published.content))
    if published.outcome is Outcome.CREATED:
        return created(body, pact.address_of(found))
    return reply(body)


def _refuse(conflict: Conflict, contract: Contract) -> Response:
    """Return the refusal in the Pact Broker's form, unless the client accepts a document that says more.

    Its form is plain text for a name that looks like another's, and nothing for a merge that is not possible.
    """
    is_content = isinstance(conflict, ContentConflict)
    if "application/problem+json" in request.headers.get("Accept", "") or (is_content and not contract.merge):
        raise conflict
    if not is_content:
        return Response(conflict.message, conflict.status, content_type="text/plain;charset=utf-8")
    if request.accept_mimetypes.quality("application/json"):
        raise conflict
    return Response(status=conflict.status)


def _check_names(document: Any, names: Mapping[str, str]) -> None:
    errors = {
        f"{role}.name": [f"in the pact ('{said}') does not match the one in the path ('{name}')"]
        for role, name in names.items()
        if (said := contracts.name_in(document, role)) not in (None, name)
    }
    if errors:
        raise Invalid(errors)
