"""Verification results: what a provider version made of a content.

A result's id is also its number on the wire: both only grow, and neither is consecutive for a content.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tallystick_broker.models.base import Base, Created, Id, Json, Name, now


class Result(Base):
    """One verification of a content by a provider version."""

    __tablename__ = "results"
    __table_args__ = (
        UniqueConstraint("id", "content_id", "provider_version_id"),  # for the composite foreign key below
        ForeignKeyConstraint(
            ["content_id", "consumer_id", "provider_id"],
            ["contents.id", "contents.consumer_id", "contents.provider_id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["provider_version_id", "provider_id"],
            ["versions.id", "versions.participant_id"],
            ondelete="CASCADE",
        ),
        Index(None, "content_id", "id"),
        Index(None, "provider_id", "consumer_id", "id"),
        Index(None, "provider_version_id", "content_id"),
        Index(None, "created_at"),
        Index(None, "consumer_id", "created_at"),
        Index(None, "provider_id", "created_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    content_id: Mapped[int]
    consumer_id: Mapped[int]
    provider_id: Mapped[int]
    provider_version_id: Mapped[int]
    success: Mapped[bool]
    build_url: Mapped[str | None]
    test_results: Mapped[Any | None] = mapped_column(Json, deferred=True)
    verified_by: Mapped[Any | None] = mapped_column(Json)
    wip: Mapped[bool] = mapped_column(default=False)
    pending: Mapped[bool] = mapped_column(default=False)
    selectors: Mapped[Any | None] = mapped_column(Json)
    provider_tags: Mapped[Any | None] = mapped_column(Json)
    executed_at: Mapped[datetime] = mapped_column(default=now)
    created_at: Mapped[Created]


class LatestResult(Base):
    """Which result counts for a content and a provider version: the newest."""

    __tablename__ = "latest_results"
    __table_args__ = (
        ForeignKeyConstraint(
            ["result_id", "content_id", "provider_version_id"],
            ["results.id", "results.content_id", "results.provider_version_id"],
            ondelete="CASCADE",
        ),
        Index(None, "provider_version_id", "content_id"),
        Index(None, "result_id"),
    )

    content_id: Mapped[int] = mapped_column(primary_key=True)
    provider_version_id: Mapped[int] = mapped_column(primary_key=True)
    result_id: Mapped[int]


class FirstSuccess(Base):
    """When a content was first verified for a provider tag, as tags stood then (for work in progress)."""

    __tablename__ = "first_successes"

    content_id: Mapped[int] = mapped_column(ForeignKey("contents.id", ondelete="CASCADE"), primary_key=True)
    provider_tag: Mapped[Name] = mapped_column(primary_key=True)
    wip: Mapped[bool] = mapped_column(primary_key=True)
    result_id: Mapped[int | None] = mapped_column(ForeignKey("results.id", ondelete="SET NULL"), index=True)
    executed_at: Mapped[datetime]
