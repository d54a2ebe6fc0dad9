"""Publishing: all the contracts of one consumer version in one request."""

import base64
import binascii
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

from flask import Blueprint, Response
from sqlalchemy.orm import Session

from tallystick_broker import publishing
from tallystick_broker.api.announcements import announce_contracts
from tallystick_broker.api.bodies import NAME, find_errors, json_body
from tallystick_broker.api.boundary import route
from tallystick_broker.api.hal import Json, link, reply, url
from tallystick_broker.api.operations import Answer, Takes, hal
from tallystick_broker.api.pact import contract_url
from tallystick_broker.api.shapes import TEXT, fields, links_to, many, resource, texts
from tallystick_broker.api.triggered_webhooks import logs_url
from tallystick_broker.contracts import name_in
from tallystick_broker.errors import Conflict, Invalid
from tallystick_broker.publishing import ContentConflict, Contract, Outcome, Published, Submission
from tallystick_broker.webhooks.events import Announced
from tallystick_broker.webhooks.subscriptions import call_of
from tallystick_contracts.comparison import compare
from tallystick_contracts.documents import DocumentError, read

routes = Blueprint("publishing", __name__, url_prefix="/contracts")

MOST = 1000
"""Contracts, or tags, that are published at once."""

OPTIONAL_NAME = NAME | {"type": ["string", "null"]}
CONTRACT = {
    "type": "object",
    "required": ["consumerName", "providerName", "content", "contentType", "specification"],
    "properties": {
        "consumerName": NAME,
        "providerName": NAME,
        "content": {"type": "string"},
        "contentType": {"enum": ["application/json"]},
        "specification": {"enum": ["pact"]},
        "onConflict": {"enum": ["overwrite", "merge", None]},
    },
}
SCHEMA = {
    "type": "object",
    "required": ["pacticipantName", "pacticipantVersionNumber", "contracts"],
    "properties": {
        "pacticipantName": NAME,
        "pacticipantVersionNumber": NAME,
        "branch": OPTIONAL_NAME,
        "tags": {"type": ["array", "null"], "items": NAME, "maxItems": MOST},
        "buildUrl": {"type": ["string", "null"], "pattern": r"^[^\x00-\x1f\x7f]*$"},
        "contracts": {"type": "array", "items": CONTRACT, "maxItems": MOST},
    },
}
NOTICES = many(fields(texts("type", "text")))
_SELF = links_to("self")
RECEIPT = resource(
    {"notices": NOTICES, "logs": many(fields(texts("level", "message", "deprecationWarning")))},
    links_to(
        "pb:pacticipant", "pb:pacticipant-version", lists=["pb:pacticipant-version-tags", "pb:contracts"]
    ),
    embedded=fields(
        {
            "pacticipant": resource({"name": TEXT}, _SELF),
            "version": resource({"number": TEXT}, _SELF),
        }
    ),
)
REFUSAL = fields({"notices": NOTICES, "errors": fields({"contracts": many(TEXT)})})
PUBLISHED = {
    200: Answer("They were published, or had been before", hal(RECEIPT)),
    409: Answer("They contradict what is there, and nothing was published", hal(REFUSAL)),
}
OUTCOMES = {
    Outcome.CREATED: "successfully published",
    Outcome.UNCHANGED: "successfully republished with no content changes",
    Outcome.MERGED: "successfully merged with what this version published before",
}


@route(routes, "/publish", "POST", takes=Takes(SCHEMA, optional=True), answers=PUBLISHED)
def publish(session: Session) -> Response:
    """Publish the contracts of a consumer version, all of them or none, with its branch and tags."""
    submission = _read(json_body(unchecked=True))
    try:
        receipt = publishing.publish(session, submission)
    except Conflict as conflict:
        return reply(_refusal(conflict), 409)
    announced = announce_contracts(session, receipt)
    notices = [_notice("debug", _version_text(submission, new=receipt.version_is_new))]
    if not submission.branch:
        text = (
            "  Next step: give the branch of the repository, so that this version can be found by its branch"
        )
        notices.append(_notice("prompt", text))
    for each, led_to in zip(receipt.published, announced, strict=True):
        notices += [
            *_notices(each, submission.number),
            *_notices_of_events(led_to),
            *_next_steps(each, led_to),
        ]
    return reply(_represent(submission, notices))


def _read(body: Any) -> Submission:
    """Return what the body submits; raise Invalid with everything that is wrong with it."""
    errors = find_errors(body, SCHEMA)
    found: list[Contract] = []
    items = body.get("contracts") if isinstance(body, dict) else None
    for index, item in enumerate(items if isinstance(items, list) else []):
        if isinstance(item, dict):
            faults = list(_faults(item, body.get("pacticipantName"), found))
            errors.setdefault("contracts", []).extend(f"{fault} (at index {index})" for fault in faults)
    errors = {field: texts for field, texts in errors.items() if texts}
    if errors:
        raise Invalid(errors)
    return Submission(
        consumer=body["pacticipantName"],
        number=body["pacticipantVersionNumber"],
        contracts=found,
        branch=body.get("branch"),
        tags=body.get("tags") or (),
        build_url=body.get("buildUrl") or None,
    )


def _faults(item: Json, name: Any, found: list[Contract]) -> Iterator[str]:
    """Yield what a schema can't tell of this contract; one that can be read is added to those found."""
    consumer, provider, content = (item.get(key) for key in ("consumerName", "providerName", "content"))
    if consumer != name:
        yield f"consumerName ({consumer}) must be the pacticipantName ({name})"
    if any(contract.provider == provider for contract in found):
        yield f"there is another contract with {provider}: merge the two before they are published"
    if not isinstance(content, str):
        yield "content must be the pact, as base64"
        return
    try:
        document = read(base64.b64decode(content, validate=True))
    except (binascii.Error, ValueError) as error:
        what = "JSON" if isinstance(error, DocumentError) else "base64 without line breaks"
        yield f"content must be {what}: {error}"
        return
    if not isinstance(document, dict):
        yield "content must be a JSON object"
        return
    for role, expected in {"consumer": consumer, "provider": provider}.items():
        if (said := name_in(document, role)) not in (None, expected):
            yield f"{role}Name ({expected}) must be the {role}'s name in the content ({said})"
    found.append(Contract(str(provider), document, merge=item.get("onConflict") == "merge"))


def _refusal(conflict: Conflict) -> Json:
    """Return the refusal: each fault, followed by the difference where it is one between two documents."""
    pairs = conflict.pairs if isinstance(conflict, ContentConflict) else []
    texts = conflict.message.split("\n")
    notices = []
    for text, pair in zip_longest(texts, pairs):
        notices.append(_notice("error", text))
        if pair is not None:
            notices.append(_notice("info", compare(*pair)))
    return {"notices": notices, "errors": {"contracts": texts}}


def _notice(kind: str, text: str) -> Json:
    return {"type": kind, "text": text}


def _version_text(submission: Submission, *, new: bool) -> str:
    text = f"{'Created' if new else 'Updated'} {submission.consumer} version {submission.number}"
    if submission.branch:
        text += f" with branch {submission.branch}"
    if submission.tags:
        text += f"{' and' if submission.branch else ' with'} tags {', '.join(submission.tags)}"
    return text


def _notices(published: Published, number: str) -> Iterator[Json]:
    consumer, provider = published.pair.consumer.name, published.pair.provider.name
    pact = f"Pact {OUTCOMES[published.outcome]} for {consumer} version {number} and provider"
    yield _notice("success", f"  {pact} {provider}.")
    yield _notice("debug", f"  View the published pact at {contract_url(published.pair, 'version', number)}")


def _notices_of_events(announced: Announced) -> Iterator[Json]:
    """Yield what happened, and the webhooks that are sent for it."""
    events = ", ".join(
        f"{event.name} ({event.comment})" if event.comment else event.name for event in announced.events
    )
    yield _notice("debug", f"  Events detected: {events}")
    for each in announced.triggered:
        name = each.webhook.description or call_of(each.webhook)
        text = f'  Webhook "{name}" triggered for event {each.event_name}.\n    View logs at {logs_url(each.uuid)}'
        yield _notice("debug", text)
    if announced.has_webhooks and not announced.triggered:
        yield _notice("debug", "  No enabled webhook is for the detected events")


def _next_steps(published: Published, announced: Announced) -> Iterator[Json]:
    provider = published.pair.provider.name
    steps = []
    if not published.has_results:
        steps.append(f"Verify it in the build of {provider}: no result is published yet")
    if not announced.has_webhooks:
        steps.append(
            f"Let {provider} verify changed pacts at once: add a webhook that starts a build for it, for the event "
            "contract_requiring_verification_published"
        )
    if steps:
        yield _notice("prompt", "  Next steps:")
    yield from (_notice("prompt", f"    * {step}") for step in steps)


def _represent(submission: Submission, notices: list[Json]) -> Json:
    name, number = submission.consumer, submission.number
    participant = link(url("pacticipants", name), title="Pacticipant", name=name)
    version = link(url("pacticipants", name, "versions", number), title="Pacticipant version", name=number)
    return {
        "logs": [
            {"level": each["type"], "message": each["text"], "deprecationWarning": "Replaced by notices"}
            for each in notices
        ],
        "notices": notices,
        "_embedded": {
            "pacticipant": {"name": name, "_links": {"self": participant}},
            "version": {"number": number, "_links": {"self": version}},
        },
        "_links": {
            "pb:pacticipant": participant,
            "pb:pacticipant-version": version,
            "pb:pacticipant-version-tags": [
                link(url("pacticipants", name, "versions", number, "tags", tag), title="Tag", name=tag)
                for tag in submission.tags
            ],
            "pb:contracts": [
                link(
                    url("pacts", "provider", each.provider, "consumer", name, "version", number),
                    title="Pact",
                    name=f"Pact between {name} ({number}) and {each.provider}",
                )
                for each in submission.contracts
            ],
        },
    }
