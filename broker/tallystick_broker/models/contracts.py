"""Contracts: distinct contents, who published them, and the pairs of participants they are about."""

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from tallystick_broker.models.base import Base, Created, Id, Updated, now

IN_EFFECT_ON_SQLITE = text("in_effect = 1")
"""Word for word what SQLAlchemy asks: SQLite uses a partial index for no other spelling."""


class Content(Base):
    """What a consumer expects of a provider: stored once for each fingerprint of the pair."""

    __tablename__ = "contents"
    __table_args__ = (
        UniqueConstraint("consumer_id", "provider_id", "fingerprint"),
        UniqueConstraint("id", "consumer_id", "provider_id"),  # what the composite foreign keys refer to
        Index(None, "provider_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    consumer_id: Mapped[int] = mapped_column(ForeignKey("participants.id", ondelete="CASCADE"))
    provider_id: Mapped[int] = mapped_column(ForeignKey("participants.id", ondelete="CASCADE"))
    fingerprint: Mapped[str] = mapped_column(String(40))
    document: Mapped[str] = mapped_column(deferred=True)
    interactions_count: Mapped[int]
    messages_count: Mapped[int]
    created_at: Mapped[Created]


class Publication(Base):
    """The publication of a content by a consumer version; only the newest revision is in effect."""

    __tablename__ = "publications"
    __table_args__ = (
        UniqueConstraint("consumer_version_id", "provider_id", "revision"),
        ForeignKeyConstraint(
            ["consumer_version_id", "consumer_id"],
            ["versions.id", "versions.participant_id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["content_id", "consumer_id", "provider_id"],
            ["contents.id", "contents.consumer_id", "contents.provider_id"],
            ondelete="CASCADE",
        ),
        Index(
            "uq_publications_in_effect",
            "consumer_version_id",
            "provider_id",
            unique=True,
            sqlite_where=IN_EFFECT_ON_SQLITE,
            postgresql_where=text("in_effect"),
        ),
        Index(
            "ix_publications_pair",
            "provider_id",
            "consumer_id",
            "consumer_version_id",
            sqlite_where=IN_EFFECT_ON_SQLITE,
            postgresql_where=text("in_effect"),
        ),
        Index(None, "content_id", "consumer_version_id"),
        Index(None, "consumer_id", "consumer_version_id"),
        Index(None, "created_at"),
        Index(None, "consumer_id", "created_at"),
        Index(None, "provider_id", "created_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    consumer_id: Mapped[int]
    consumer_version_id: Mapped[int]
    provider_id: Mapped[int]
    content_id: Mapped[int]
    revision: Mapped[int]
    in_effect: Mapped[bool]
    created_at: Mapped[Created]


class Integration(Base):
    """A consumer and a provider that have, or had, a contract."""

    __tablename__ = "integrations"

    consumer_id: Mapped[int] = mapped_column(
        ForeignKey("participants.id", ondelete="CASCADE"), primary_key=True
    )
    provider_id: Mapped[int] = mapped_column(
        ForeignKey("participants.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    contract_data_updated_at: Mapped[datetime] = mapped_column(default=now, index=True)
    created_at: Mapped[Created]
    updated_at: Mapped[Updated]
