"""Webhooks, the events that trigger them, and the queue of their deliveries."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tallystick_broker.models.base import Base, Created, Id, Json, Name, Updated, Uuid


class Webhook(Base):
    """A request to send when something happens to contracts of certain participants."""

    __tablename__ = "webhooks"
    __table_args__ = (
        CheckConstraint("consumer_id IS NULL OR consumer_label IS NULL", "consumer_name_or_label"),
        CheckConstraint("provider_id IS NULL OR provider_label IS NULL", "provider_name_or_label"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    uuid: Mapped[str] = mapped_column(String(64), unique=True)
    description: Mapped[str | None]
    consumer_id: Mapped[int | None] = mapped_column(
        ForeignKey("participants.id", ondelete="CASCADE"), index=True
    )
    consumer_label: Mapped[Name | None]
    provider_id: Mapped[int | None] = mapped_column(
        ForeignKey("participants.id", ondelete="CASCADE"), index=True
    )
    provider_label: Mapped[Name | None]
    method: Mapped[str] = mapped_column(String(20))
    url: Mapped[str]
    headers: Mapped[Any | None] = mapped_column(Json)
    body: Mapped[Any | None] = mapped_column(Json)
    username: Mapped[str | None]
    encrypted_password: Mapped[str | None]
    enabled: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[Created]
    updated_at: Mapped[Updated]

    events: Mapped[list["WebhookEvent"]] = relationship(
        cascade="all, delete-orphan", order_by="WebhookEvent.name", passive_deletes=True
    )


class WebhookEvent(Base):
    """The name of an event that triggers a webhook."""

    __tablename__ = "webhook_events"

    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhooks.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(String(100), primary_key=True, index=True)


class TriggeredWebhook(Base):
    """A delivery to make or made: written in the transaction of its event, claimed by any replica."""

    __tablename__ = "triggered_webhooks"
    __table_args__ = (
        CheckConstraint("status IN ('not_run', 'retrying', 'success', 'failure')", "status"),
        CheckConstraint("trigger_type IN ('resource_creation', 'user')", "trigger_type"),
        Index(None, "status", "due_at"),
        Index(None, "consumer_id", "provider_id", "id"),
        Index(None, "webhook_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    uuid: Mapped[Uuid]
    webhook_id: Mapped[int | None] = mapped_column(ForeignKey("webhooks.id", ondelete="SET NULL"))
    webhook_uuid: Mapped[str] = mapped_column(String(64))
    consumer_id: Mapped[int] = mapped_column(ForeignKey("participants.id", ondelete="CASCADE"))
    provider_id: Mapped[int] = mapped_column(ForeignKey("participants.id", ondelete="CASCADE"), index=True)
    publication_id: Mapped[int | None] = mapped_column(
        ForeignKey("publications.id", ondelete="CASCADE"), index=True
    )
    result_id: Mapped[int | None] = mapped_column(ForeignKey("results.id", ondelete="CASCADE"), index=True)
    event_name: Mapped[str] = mapped_column(String(100))
    event_context: Mapped[Any | None] = mapped_column(Json)
    trigger_type: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(10), default="not_run")
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime | None]
    claimed_by: Mapped[str | None]
    claimed_until: Mapped[datetime | None]
    created_at: Mapped[Created]
    updated_at: Mapped[Updated]


class WebhookExecution(Base):
    """One attempt at a delivery, with what was sent and what came back."""

    __tablename__ = "webhook_executions"
    __table_args__ = (
        Index(None, "triggered_webhook_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    triggered_webhook_id: Mapped[int] = mapped_column(ForeignKey("triggered_webhooks.id", ondelete="CASCADE"))
    success: Mapped[bool]
    request: Mapped[Any | None] = mapped_column(Json)
    response: Mapped[Any | None] = mapped_column(Json)
    logs: Mapped[str]
    created_at: Mapped[Created]
