"""Pacts for verification: what a provider's build should verify now."""

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, request
from sqlalchemy.orm import Session

from tallystick_broker.api.bodies import find_errors, json_body
from tallystick_broker.api.boundary import route
from tallystick_broker.api.hal import Json, link, reply, url
from tallystick_broker.api.metadata import Metadata, encode
from tallystick_broker.api.operations import Query, Takes, shown
from tallystick_broker.api.queries import list_of, parse_query, text_of
from tallystick_broker.api.shapes import FLAG, TEXT, fields, links_to, listing, many, texts
from tallystick_broker.errors import Invalid
from tallystick_broker.for_verification.entries import Entry
from tallystick_broker.for_verification.notices import BEFORE, notices
from tallystick_broker.for_verification.request import Request, find_faults, read_selectors
from tallystick_broker.for_verification.selection import missing_environments
from tallystick_broker.for_verification.work import list_contracts
from tallystick_broker.models import Participant
from tallystick_broker.participants import get_participant

routes = Blueprint("selected", __name__)
RULE = "/pacts/provider/<name:provider>/for-verification"

MOST_ASKED = 1000
"""Tags, or selectors, in a request."""

TRUE = {"const": True}
STORABLE = {"pattern": r"^[^\x00]*$", "format": "unicode"}
"""Text that a database can be asked for: JSON can say NUL and half a surrogate pair, which none can."""
NAME = {"type": ["string", "null"], "minLength": 1} | STORABLE
SELECTOR = {
    "type": "object",
    "properties": {
        "consumer": NAME,
        "mainBranch": TRUE,
        "branch": {"type": ["string", "boolean", "null"]} | STORABLE,
        "matchingBranch": TRUE,
        "fallbackBranch": NAME,
        "tag": NAME,
        "fallbackTag": NAME,
        "latest": {"type": ["boolean", "null"]},
        "environment": NAME,
        "deployed": TRUE,
        "released": TRUE,
        "deployedOrReleased": TRUE,
    },
}
SCHEMA = {
    "type": "object",
    "properties": {
        "providerVersionBranch": {"type": ["string", "null"]} | STORABLE,
        "providerVersionTags": {
            "type": ["array", "null"],
            "items": {"type": "string"} | STORABLE,
            "maxItems": MOST_ASKED,
        },
        "consumerVersionSelectors": {"type": ["array", "null"], "items": SELECTOR, "maxItems": MOST_ASKED},
        "includePendingStatus": {"type": ["boolean", "null"]},
        "includeWipPactsSince": {"type": ["string", "null"], "format": "date"},
    },
}
ENTRY = fields(
    {
        "shortDescription": TEXT,
        "verificationProperties": fields(
            {"notices": many(fields(texts("when", "text")))}, {"pending": FLAG, "wip": FLAG}
        ),
        "_links": links_to("self"),
    }
)
LIST = listing("pacts", ENTRY, links_to("self"))
MOST_NUMBERS = 10
"""How many consumer versions a link names, the newest ones: proxies refuse addresses that are too long."""
LEGACY_NAMES = {
    "tag": "tag",
    "latest": "latest",
    "fallback_tag": "fallbackTag",
    "consumer": "consumer",
}
LEGACY = (
    Query("provider_version_tags[]", "the tags of the version that verifies", many(TEXT)),
    Query("consumer_version_selectors[][tag]", "the tag of a selector; each one begins the next", many(TEXT)),
    Query("consumer_version_selectors[][latest]", "true: only the newest version with the tag", many(TEXT)),
    Query("consumer_version_selectors[][fallback_tag]", "the tag to take when there is none", many(TEXT)),
    Query("consumer_version_selectors[][consumer]", "the consumer that is meant", many(TEXT)),
    Query("include_pending_status", "true, or false"),
    Query("include_wip_pacts_since", "a date"),
)
LEGACY_NOTICE = {
    "when": BEFORE,
    "text": "This list was asked for with GET, the beta of this API: upgrade the Pact library of this build.",
}


@route(routes, RULE, "POST", takes=Takes(SCHEMA, optional=True), answers=shown(LIST), reads=True)
def show(session: Session, provider: str) -> Response:
    """Answer the pacts that the body's selectors find, and what is work in progress."""
    asked = _read(session, json_body(unchecked=True))
    return _show(session, get_participant(session, provider, "provider"), asked)


@route(routes, RULE, answers=shown(LIST), query=LEGACY, deprecated=True)
def show_by_query(session: Session, provider: str) -> Response:
    """Answer the pacts that the query's selectors find, as clients asked before there was POST."""
    asked = _read(session, _body_of(request.query_string.decode("latin-1")))
    return _show(session, get_participant(session, provider, "provider"), asked, [LEGACY_NOTICE])


def _read(session: Session, body: Any) -> Request:
    """Return what is asked for; raise Invalid with everything that is wrong with it."""
    errors = find_errors(body, SCHEMA)
    if isinstance(body, dict):
        _add_faults(session, body, errors)
    if errors:
        raise Invalid(errors)
    branch = body.get("providerVersionBranch") or None
    since = body.get("includeWipPactsSince")
    pending = body.get("includePendingStatus")
    given = body.get("consumerVersionSelectors") or []
    return Request(
        selectors=tuple(pair for each in given for pair in read_selectors(each, branch)),
        branch=branch,
        tags=tuple(tag for tag in body.get("providerVersionTags") or [] if tag.strip()),
        pending=True if pending is None else pending,
        wip_since=_read_moment(since) if since else None,
    )


def _read_moment(text: str) -> datetime:
    """Return the moment that the text says (ISO 8601), the beginning of its date when it says no time; in UTC."""
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return datetime.fromisoformat(text[:10]).replace(tzinfo=UTC)


def _add_faults(session: Session, body: Json, errors: dict[str, list[str]]) -> None:
    """Add what a schema can't tell of the selectors and the branch to the errors."""
    given, branch = body.get("consumerVersionSelectors"), body.get("providerVersionBranch")
    faulty = errors.setdefault("consumerVersionSelectors", [])
    sound = {
        index: each
        for index, each in enumerate(given if isinstance(given, list) else [])
        if not any(text.endswith(f"(at index {index})") for text in faulty)
    }
    places = {each["environment"] for each in sound.values() if each.get("environment")}
    missing = missing_environments(session, places)
    for index, each in sound.items():
        faults = list(find_faults(each, branch))
        if each.get("environment") in missing:
            faults.append(f"environment with name '{each['environment']}' does not exist")
        faulty += [f"{fault} (at index {index})" for fault in faults]
    if not faulty:
        del errors["consumerVersionSelectors"]
    if isinstance(branch, str) and _is_blank(branch, body):
        errors["providerVersionBranch"] = ["cannot be blank"]


def _is_blank(branch: str, body: Json) -> bool:
    """Return whether the branch is blank where it matters: clients without a branch send an empty one."""
    matters = body.get("includePendingStatus") or body.get("includeWipPactsSince")
    return not branch.strip() and bool(branch or (matters and not body.get("providerVersionTags")))


def _body_of(query: str) -> Json:
    """Return the body that would ask for the same as this query; a selector needs its tag there."""
    given = parse_query(query)
    body: Json = {
        "providerVersionTags": [
            each for each in list_of(given, "provider_version_tags") if isinstance(each, str)
        ],
        "includeWipPactsSince": text_of(given, "include_wip_pacts_since"),
    }
    if text_of(given, "include_pending_status"):
        body["includePendingStatus"] = text_of(given, "include_pending_status") == "true"
    selectors = [each for each in list_of(given, "consumer_version_selectors") if isinstance(each, dict)]
    if not all(text_of(each, "tag") for each in selectors):
        index = next(index for index, each in enumerate(selectors) if not text_of(each, "tag"))
        raise Invalid({"consumer_version_selectors": [f"tag is missing (at index {index})"]})
    body["consumerVersionSelectors"] = [
        {LEGACY_NAMES[name]: value == "true" if name == "latest" else value for name, value in each.items()}
        for each in ({name: each[name] for name in LEGACY_NAMES if name in each} for each in selectors)
    ]
    return body


def _show(
    session: Session, provider: Participant, asked: Request, more: list[dict[str, str]] | None = None
) -> Response:
    entries = list_contracts(session, provider, asked)
    pacts = [_represent(provider.name, entry, asked, more or []) for entry in entries]
    self = url("pacts", "provider", provider.name, "for-verification")
    links = {"self": link(self, title="Pacts to be verified")}
    return reply({"_embedded": {"pacts": pacts}, "_links": links})


def _represent(provider: str, entry: Entry, asked: Request, more: list[dict[str, str]]) -> Json:
    pact = url("pacts", "provider", provider, "consumer", entry.consumer, "pact-version", entry.fingerprint)
    numbers = _newest_numbers(entry)
    metadata = encode(Metadata(entry.wip, entry.pending, numbers, _tags_of(entry, numbers)))
    properties: Json = {"pending": entry.pending} if asked.pending else {}
    properties |= {"wip": True} if entry.wip else {}
    properties["notices"] = more + notices(entry, provider, asked, pact)
    name = f"Pact between {entry.consumer} ({entry.number}) and {provider}"
    return {
        "shortDescription": entry.description,
        "verificationProperties": properties,
        "_links": {"self": link(f"{pact}/metadata/{metadata}", name=name)},
    }


def _newest_numbers(entry: Entry) -> tuple[str, ...]:
    newest = sorted(entry.reasons, key=lambda reason: reason.version_id, reverse=True)
    return tuple(dict.fromkeys(reason.number for reason in newest))[:MOST_NUMBERS]


def _tags_of(entry: Entry, numbers: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return the tags that these versions were selected by, each with the version's number."""
    found = ((each.number, each.place) for each in entry.reasons if each.selector.tag is not None)
    return tuple(dict.fromkeys((number, tag) for number, tag in found if number in numbers))
