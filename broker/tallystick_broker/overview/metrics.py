"""How much of everything there is."""

from typing import Any

from sqlalchemy import ColumnElement, distinct, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from tallystick_broker.models import (
    Base,
    BranchVersion,
    Content,
    DeployedVersion,
    Environment,
    Integration,
    LatestResult,
    Participant,
    Publication,
    ReleasedVersion,
    Result,
    Tag,
    TriggeredWebhook,
    Version,
    Webhook,
    WebhookExecution,
)

Counts = dict[str, Any]


def measure(session: Session) -> dict[str, Counts]:
    """Return the counts of each kind of thing, by the names that the Pact Broker has for them."""

    def count(model: type[Base], **others: ColumnElement[Any]) -> Counts:
        wanted = [func.count().label("count"), *(each.label(name) for name, each in others.items())]
        return dict(session.execute(select(*wanted).select_from(model)).mappings().one())

    def spread(*columns: InstrumentedAttribute[int]) -> Counts:
        sizes = select(*columns, func.count().label("size")).group_by(*columns).subquery()
        wanted = select(sizes.c.size, func.count()).group_by(sizes.c.size).order_by(sizes.c.size)
        return {"distribution": dict(session.execute(wanted).all())}

    return {
        "interactions": _count_interactions(session),
        "pacticipants": count(Participant, withMainBranchSetCount=func.count(Participant.main_branch)),
        "integrations": count(Integration),
        "pactPublications": count(Publication, **_ends(Publication.created_at)),
        "pactVersions": count(Content),
        "pactRevisionsPerConsumerVersion": spread(Publication.consumer_version_id, Publication.provider_id),
        "verificationResults": count(
            Result,
            successCount=_those(Result.success.is_(True)),
            failureCount=_those(Result.success.is_(False)),
            distinctCount=select(func.count()).select_from(LatestResult).scalar_subquery(),
            **_ends(Result.created_at),
        ),
        "verificationResultsPerPactVersion": spread(Result.content_id),
        "pacticipantVersions": count(
            Version,
            withUserCreatedBranchCount=_on_branches(~BranchVersion.auto_created),
            withBranchCount=_on_branches(),
            withBranchSetCount=_on_branches(),
        ),
        "webhooks": count(Webhook),
        "tags": count(
            Tag,
            distinctCount=func.count(distinct(Tag.name)),
            distinctWithPacticipantCount=_count_distinct_tags(),
        ),
        "triggeredWebhooks": count(TriggeredWebhook),
        "webhookExecutions": count(WebhookExecution),
        "matrix": {"count": -1},  # the Pact Broker, too, no longer counts the pairs of all versions
        "environments": count(Environment),
        "deployedVersions": count(
            DeployedVersion,
            userCreatedCount=_those(~DeployedVersion.auto_created),
            currentlyDeployedCount=_those(DeployedVersion.undeployed_at.is_(None)),
        ),
        "releasedVersions": count(
            ReleasedVersion, currentlySupportedCount=_those(ReleasedVersion.support_ended_at.is_(None))
        ),
    }


def _count_interactions(session: Session) -> Counts:
    newest = (
        select(func.max(Publication.consumer_version_id).label("version_id"), Publication.provider_id)
        .where(Publication.in_effect)
        .group_by(Publication.consumer_id, Publication.provider_id)
        .subquery()
    )
    wanted = (
        select(
            func.coalesce(func.sum(Content.interactions_count), 0),
            func.coalesce(func.sum(Content.messages_count), 0),
        )
        .join(Publication, Publication.content_id == Content.id)
        .join(
            newest,
            (newest.c.version_id == Publication.consumer_version_id)
            & (newest.c.provider_id == Publication.provider_id),
        )
        .where(Publication.in_effect)
    )
    interactions, messages = map(int, session.execute(wanted).one())
    return {
        "latestInteractionsCount": interactions,
        "latestMessagesCount": messages,
        "latestInteractionsAndMessagesCount": interactions + messages,
    }


def _those(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count().filter(condition)


def _ends(column: InstrumentedAttribute[Any]) -> dict[str, ColumnElement[Any]]:
    return {"first": func.min(column), "last": func.max(column)}


def _on_branches(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    return select(func.count(distinct(BranchVersion.version_id))).where(*conditions).scalar_subquery()


def _count_distinct_tags() -> ColumnElement[int]:
    named = select(Tag.participant_id, Tag.name).distinct().subquery()
    return select(func.count()).select_from(named).scalar_subquery()
