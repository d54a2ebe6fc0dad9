"""Overrides of the gate."""

from datetime import UTC, datetime, timedelta

from flask import Blueprint, Response, current_app
from sqlalchemy.orm import Session

from tallystick_broker import overrides
from tallystick_broker.api.bodies import NAME, json_body
from tallystick_broker.api.boundary import route
from tallystick_broker.api.environments import LINE
from tallystick_broker.api.hal import Json, here, link, moment, put, reply, url
from tallystick_broker.api.operations import CONFLICT, MERGE_PATCH, Query, Takes, shown, written
from tallystick_broker.api.paging import PAGES, asked_page, fetch_rows
from tallystick_broker.api.shapes import (
    FLAG,
    MOMENT,
    TEXT,
    component,
    fields,
    links_to,
    listing,
    nullable,
    resource,
    texts,
)
from tallystick_broker.config import Config
from tallystick_broker.errors import Invalid
from tallystick_broker.models import now
from tallystick_broker.overrides import Decision, Recorded

routes = Blueprint("overrides", __name__, url_prefix="/overrides")

SCHEMA = {
    "type": "object",
    "required": ["environment", "consumer", "provider", "reason", "createdBy", "expiresAt"],
    "properties": {
        "environment": NAME,
        "consumer": NAME,
        "provider": NAME,
        "consumerVersion": LINE,
        "providerVersion": LINE,
        "reason": NAME,
        "createdBy": NAME,
        "expiresAt": {"type": "string"},
    },
}
END = {
    "type": "object",
    "required": ["inEffect", "endedBy"],
    "properties": {"inEffect": {"const": False}, "endedBy": NAME},
}
ENVIRONMENT = Query("environment", "keep those in this environment")
PACTICIPANT = Query("pacticipant", "keep those that this pacticipant is a side of")
ALL = Query("all", "true: also those that have ended")
_SIDE = fields({"name": TEXT, "version": nullable(TEXT)})
OVERRIDE = component(
    "Override",
    resource(
        texts("uuid", "reason", "createdBy")
        | {"environment": fields({"name": TEXT}), "consumer": _SIDE, "provider": _SIDE}
        | {"createdAt": MOMENT, "expiresAt": MOMENT, "endedBy": nullable(TEXT), "endedAt": nullable(MOMENT)}
        | {"inEffect": FLAG},
        links_to("self", "pb:overrides"),
    ),
)
LIST = listing("overrides", OVERRIDE, links_to("self"))


@route(routes, "", answers=shown(LIST), query=(ENVIRONMENT, PACTICIPANT, ALL, *PAGES))
def show_all(session: Session) -> Response:
    """Answer the overrides in effect, the newest first; with `all=true` also those that have ended.

    `environment` keeps those of one environment, `pacticipant` those that it is a side of.
    """
    wanted = overrides.select_overrides(
        environment=ENVIRONMENT.get() or None,
        participant=PACTICIPANT.get() or None,
        ended=ALL.get() == "true",
    )
    page = fetch_rows(session, wanted, asked_page())
    links = {"self": link(here(), title="Overrides")} | page.links(here(with_query=False))
    embedded = {"overrides": [_represent(Recorded(*row)) for row in page.items]}
    return reply({"_embedded": embedded, "_links": links} | page.members())


@route(routes, "", "POST", takes=Takes(SCHEMA), answers={**written(OVERRIDE), **CONFLICT})
def create(session: Session) -> Response:
    """Make an override; the same one again is no second one."""
    body = json_body()
    config: Config = current_app.config["TALLYSTICK"]
    decision = Decision(
        environment=body["environment"],
        consumer=body["consumer"],
        provider=body["provider"],
        reason=body["reason"],
        created_by=body["createdBy"],
        expires_at=_read_moment(body["expiresAt"]),
        consumer_version=body.get("consumerVersion") or "",
        provider_version=body.get("providerVersion") or "",
    )
    recorded, new = overrides.create_override(session, decision, timedelta(days=config.override_days))
    return put(_represent(recorded), override_address(recorded.override.uuid), new=new)


@route(routes, "/<name:uuid>", answers=shown(OVERRIDE))
def show(session: Session, uuid: str) -> Response:
    """Answer the override, also when it has ended."""
    return reply(_represent(overrides.get_override(session, uuid)))


@route(routes, "/<name:uuid>", "PATCH", takes=Takes(END, MERGE_PATCH), answers=shown(OVERRIDE))
def end(session: Session, uuid: str) -> Response:
    """End the override with `inEffect: false`; it stays on record with who ended it."""
    body = json_body()
    recorded = overrides.get_override(session, uuid)
    overrides.end_override(session, recorded.override, body["endedBy"])
    return reply(_represent(recorded))


def override_address(uuid: str) -> str:
    """Return the override's address."""
    return url("overrides", uuid)


def _represent(recorded: Recorded) -> Json:
    override = recorded.override
    ended = override.ended_at
    return {
        "uuid": override.uuid,
        "environment": {"name": recorded.environment},
        "consumer": {"name": recorded.consumer, "version": override.consumer_version or None},
        "provider": {"name": recorded.provider, "version": override.provider_version or None},
        "reason": override.reason,
        "createdBy": override.created_by,
        "createdAt": moment(override.created_at),
        "expiresAt": moment(override.expires_at),
        "endedBy": override.ended_by,
        "endedAt": None if ended is None else moment(ended),
        "inEffect": ended is None and override.expires_at > now(),
        "_links": {
            "self": link(override_address(override.uuid), title="Override"),
            "pb:overrides": link(url("overrides"), title="Overrides"),
        },
    }


def _read_moment(text: str) -> datetime:
    """Return the moment that a text means (ISO 8601); raise Invalid for one without its zone."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        text = "must be a date and time with its zone, like 2030-01-31T12:00:00Z"
        raise Invalid({"expiresAt": [text]})
    return found.astimezone(UTC)
