"""The dashboard: the newest contracts of each pair, and how they stand."""

from collections.abc import Iterable

from flask import Blueprint, Response
from sqlalchemy.orm import Session

from tallystick_broker.api.boundary import route
from tallystick_broker.api.hal import Json, link, moment, reply, url
from tallystick_broker.api.negotiation import HAL_TYPE, JSON_TYPE, prefer
from tallystick_broker.api.operations import Answer, hal
from tallystick_broker.api.paging import PAGES, asked_page, fetch_rows
from tallystick_broker.api.shapes import (
    FLAG,
    MOMENT,
    PAGE,
    TEXT,
    component,
    fields,
    links_to,
    many,
    nullable,
    resource,
)
from tallystick_broker.api.tables import write_table
from tallystick_broker.contracts import Pair, get_pair
from tallystick_broker.overview.dashboard import Line, read_lines, select_lines

routes = Blueprint("dashboard", __name__, url_prefix="/dashboard")
SIZE = 30
_SELF = links_to("self")
TAGS = many(resource({"name": TEXT, "latest": FLAG}, _SELF))
SIDE = fields({"number": TEXT, "branch": nullable(TEXT), "headBranchNames": many(TEXT)})
ITEM = component(
    "DashboardItem",
    resource(
        {
            "consumer": resource({"name": TEXT, "version": SIDE}, _SELF),
            "provider": resource({"name": TEXT, "version": nullable(SIDE)}, _SELF),
            "pact": resource({"createdAt": MOMENT}, _SELF),
            "pactTags": TAGS,
            "latestVerificationResult": nullable(resource({"success": FLAG, "verifiedAt": MOMENT}, _SELF)),
            "latestVerificationResultTags": TAGS,
            "verificationStatus": {"enum": ["never", "success", "stale", "failed", "failed_pending"]},
            "webhookStatus": {"const": "none"},
            "latestWebhookExecution": {"type": "null"},
        },
        links_to("pb:webhook-status"),
    ),
)
DASHBOARD = resource(
    {"items": many(ITEM)}, links_to("self", optional=["previous", "next"]), optional={"page": PAGE}
)
SHOWN = {200: Answer("The newest contracts", {**hal(DASHBOARD), "text/plain": TEXT})}
COLUMNS = ("CONSUMER", "C_VERSION", "TAGS", "PROVIDER", "P_VERSION", "TAGS", "STATUS")


@route(routes, "", answers=SHOWN, query=PAGES)
def show_all(session: Session) -> Response:
    """Answer the newest contracts of every pair, a page of them."""
    return _show(session, url("dashboard"))


@route(routes, "/provider/<name:provider>/consumer/<name:consumer>", answers=SHOWN, query=PAGES)
def show(session: Session, provider: str, consumer: str) -> Response:
    """Answer the newest contracts of the pair."""
    pair = get_pair(session, provider, consumer)
    return _show(session, url("dashboard", "provider", provider, "consumer", consumer), pair)


def _show(session: Session, self: str, pair: Pair | None = None) -> Response:
    page = fetch_rows(session, select_lines(pair), asked_page(SIZE))
    lines = read_lines(session, page.items)
    if prefer(HAL_TYPE, JSON_TYPE, "text/plain") == "text/plain":
        table = write_table(COLUMNS, map(_cells, lines))
        return Response("\n".join([*table, ""]), content_type="text/plain;charset=utf-8")
    links = {"self": link(self, title="Dashboard")} | page.links(self)
    return reply({"items": [_represent(line) for line in lines], "_links": links} | page.members())


def _cells(line: Line) -> tuple[str, ...]:
    pair, verifier = line.found.pair, line.verifier
    return (
        pair.consumer.name,
        line.found.number,
        ", ".join(line.tags),
        pair.provider.name,
        verifier.number if verifier else "",
        ", ".join(name for name, _ in verifier.tags) if verifier else "",
        line.verification,
    )


def _represent(line: Line) -> Json:
    consumer, provider = line.found.pair.consumer.name, line.found.pair.provider.name
    pair = ("pacts", "provider", provider, "consumer", consumer)
    pact = url(*pair, "version", line.found.number)
    return {
        "consumer": {
            "name": consumer,
            "version": _version(line.found.number, line.heads)
            | {"_links": {"self": link(url("pacticipants", consumer, "versions", line.found.number))}},
            "_links": {"self": link(url("pacticipants", consumer))},
        },
        "provider": {
            "name": provider,
            "version": line.verifier and _version(line.verifier.number, line.verifier.heads),
            "_links": {"self": link(url("pacticipants", provider))},
        },
        "pact": {
            "createdAt": moment(line.found.publication.created_at),
            "_links": {"self": link(pact)},
        },
        "pactTags": _tags(consumer, line.found.number, [(name, True) for name in line.tags]),
        "latestVerificationResult": line.result
        and {
            "success": line.result.success,
            "verifiedAt": moment(line.result.created_at),
            "_links": {"self": link(f"{pact}/verification-results/latest")},
        },
        "latestVerificationResultTags": _tags(provider, line.verifier.number, line.verifier.tags)
        if line.verifier
        else [],
        "verificationStatus": line.verification,
        # The Pact Broker never tells more here than that; the link leads to how deliveries went.
        "webhookStatus": "none",
        "latestWebhookExecution": None,
        "_links": {
            "pb:webhook-status": link(url(*pair, "webhooks", "status"), title="Status of the webhooks")
        },
    }


def _version(number: str, heads: tuple[str, ...]) -> Json:
    return {"number": number, "branch": heads[-1] if heads else None, "headBranchNames": list(heads)}


def _tags(participant: str, number: str, tags: Iterable[tuple[str, bool]]) -> list[Json]:
    return [
        {
            "name": name,
            "latest": latest,
            "_links": {"self": link(url("pacticipants", participant, "versions", number, "tags", name))},
        }
        for name, latest in tags
    ]
