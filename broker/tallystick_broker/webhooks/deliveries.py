"""Deliveries: the queue of what webhooks have to send, kept in the database, and what was made of it."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, bindparam, func, or_, select
from sqlalchemy.orm import Session, sessionmaker

from tallystick_broker.config import Config
from tallystick_broker.contracts import Pair
from tallystick_broker.db import write
from tallystick_broker.errors import Conflict, NotFound, Problem
from tallystick_broker.models import TriggeredWebhook, Webhook, WebhookExecution, now
from tallystick_broker.webhooks.attempts import Attempt, attempt, stamp
from tallystick_broker.webhooks.door import TOTAL_SECONDS
from tallystick_broker.webhooks.secrets import find_keys
from tallystick_broker.webhooks.subscriptions import request_of
from tallystick_broker.webhooks.templates import Request, Values

LEASE = timedelta(seconds=4 * TOTAL_SECONDS)
"""How long a delivery belongs to who has claimed it; after that it was lost, and belongs to the next."""

# Written once, because the worker asks all the time.
WAITING = (
    TriggeredWebhook.status.in_(("not_run", "retrying")),
    or_(TriggeredWebhook.claimed_until.is_(None), TriggeredWebhook.claimed_until < bindparam("moment")),
)
FIRST_DUE = select(func.min(TriggeredWebhook.due_at)).where(*WAITING)
NEXT_DUE = (
    select(TriggeredWebhook)
    .where(*WAITING, TriggeredWebhook.due_at <= bindparam("moment"))
    .order_by(TriggeredWebhook.due_at, TriggeredWebhook.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)

MOST_LISTED = 100
_ANNOUNCED = "deliveries"
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Claim:
    """A delivery that nobody else makes for the time of a lease."""

    id: int
    worker: str
    attempts: int
    values: Values
    request: Request | None
    problem: str = ""
    """Why there is no request to send."""


def deliver_next(session_factory: sessionmaker[Session], config: Config, worker: str) -> bool:
    """Return whether a delivery was due; it was attempted, and what came of it is stored.

    A delivery is claimed in one transaction and recorded in another, with none open in between; one that is
    interrupted is made again after its lease.
    """
    claim = write(session_factory, lambda session: _claim(session, config, worker))
    if claim is None:
        return False
    made = None if claim.request is None else attempt(claim.request, claim.values, config)
    write(session_factory, lambda session: _record(session, config, claim, made))
    return True


def find_due(session: Session) -> datetime | None:
    """Return when the first of the deliveries is due that wait and that nobody has claimed; None when none wait."""
    return session.scalar(FIRST_DUE, {"moment": now()})


def get_delivery(session: Session, uuid: str) -> TriggeredWebhook:
    """Return the delivery with this identifier; raise NotFound when there is none."""
    found = session.scalars(select(TriggeredWebhook).filter_by(uuid=uuid)).one_or_none()
    if found is None:
        raise NotFound(f"No triggered webhook {uuid} found")
    return found


def redeliver(session: Session, delivery: TriggeredWebhook) -> TriggeredWebhook:
    """Return a new delivery of the same webhook with the same values, due at once.

    Raises Conflict when the webhook is deleted or disabled, because it would never be sent.
    """
    webhook = session.get(Webhook, delivery.webhook_id) if delivery.webhook_id else None
    if webhook is None:
        raise Conflict("The webhook was deleted: nothing can be sent again")
    if not webhook.enabled:
        raise Conflict("The webhook is disabled: enable it to send this again")
    kept = ("webhook_id", "webhook_uuid", "consumer_id", "provider_id", "publication_id", "result_id")
    again = TriggeredWebhook(
        **{name: getattr(delivery, name) for name in (*kept, "event_name", "event_context")},
        trigger_type="user",
        due_at=now(),
    )
    session.add(again)
    session.flush()
    announce(session)
    return again


def announce(session: Session) -> None:
    """Have the worker of this process look for deliveries as soon as this session commits."""
    session.info[_ANNOUNCED] = True


def has_announced(session: Session) -> bool:
    """Return whether the session has stored a delivery that is due."""
    return _ANNOUNCED in session.info


def list_attempts(session: Session, delivery: TriggeredWebhook) -> Sequence[WebhookExecution]:
    """Return what was attempted to make the delivery, in order."""
    wanted = select(WebhookExecution).filter_by(triggered_webhook_id=delivery.id)
    return session.scalars(wanted.order_by(WebhookExecution.id)).all()


def list_of_publication(
    session: Session, publication_id: int
) -> list[tuple[TriggeredWebhook, Webhook | None]]:
    """Return the deliveries about this publication with their webhooks, the newest first."""
    return _list(session, TriggeredWebhook.publication_id == publication_id)


def list_of_result(session: Session, result_id: int) -> list[tuple[TriggeredWebhook, Webhook | None]]:
    """Return the deliveries about this result with their webhooks, the newest first."""
    return _list(session, TriggeredWebhook.result_id == result_id)


def list_latest(session: Session, pair: Pair) -> list[tuple[TriggeredWebhook, Webhook | None]]:
    """Return the newest delivery of each webhook about the pair that is not deleted, the newest first."""
    newest = (
        select(func.max(TriggeredWebhook.id))
        .filter_by(**pair.key)
        .where(TriggeredWebhook.webhook_id.is_not(None))
        .group_by(TriggeredWebhook.webhook_id)
    )
    return _list(session, TriggeredWebhook.id.in_(newest))


def _list(session: Session, condition: ColumnElement[bool]) -> list[tuple[TriggeredWebhook, Webhook | None]]:
    wanted = select(TriggeredWebhook, Webhook).outerjoin(Webhook, Webhook.id == TriggeredWebhook.webhook_id)
    found = session.execute(wanted.where(condition).order_by(TriggeredWebhook.id.desc()).limit(MOST_LISTED))
    return [(delivery, webhook) for delivery, webhook in found]


def _claim(session: Session, config: Config, worker: str) -> Claim | None:
    # On SQLite, which has no locks on rows, a transaction that writes is alone anyway.
    found = session.scalars(NEXT_DUE, {"moment": now()}).one_or_none()
    if found is None:
        return None
    found.claimed_by, found.claimed_until = worker, now() + LEASE
    found.attempts += 1
    request, problem = _read_request(session, found, config)
    return Claim(found.id, worker, found.attempts, found.event_context or {}, request, problem)


def _read_request(session: Session, delivery: TriggeredWebhook, config: Config) -> tuple[Request | None, str]:
    webhook = session.get(Webhook, delivery.webhook_id) if delivery.webhook_id else None
    if webhook is None:
        return None, "The webhook was deleted"
    if not webhook.enabled:
        return None, "The webhook is disabled"
    if delivery.attempts > len(config.webhook_retry_schedule) + 1:
        return None, "The delivery was interrupted each time"
    try:
        return request_of(webhook, find_keys(session, config.secret_key)), ""
    except Problem as problem:
        return None, problem.message


def _record(session: Session, config: Config, claim: Claim, made: Attempt | None) -> None:
    delivery = session.get(TriggeredWebhook, claim.id)
    if delivery is None or delivery.claimed_by != claim.worker:
        return  # its participants are gone, or its lease was over and another worker has it
    delivery.claimed_by = delivery.claimed_until = delivery.due_at = None
    pauses = config.webhook_retry_schedule
    success = made is not None and made.success
    if success:
        delivery.status, ending = "success", stamp("INFO", "The request was successful")
    elif claim.attempts <= len(pauses) and delivery.webhook_id is not None:
        pause = pauses[claim.attempts - 1]
        delivery.status, delivery.due_at = "retrying", now() + timedelta(seconds=pause)
        ending = stamp("INFO", f"The request is sent again in {pause} seconds")
    else:
        delivery.status = "failure"
        ending = stamp("INFO", f"The webhook has failed after {claim.attempts} attempts")
    logs = made.logs if made else stamp("ERROR", claim.problem) + "\n"
    session.add(WebhookExecution(triggered_webhook_id=delivery.id, success=success, logs=f"{logs}{ending}\n"))
    logger.info("Webhook delivery %s: %s", delivery.uuid, delivery.status)
