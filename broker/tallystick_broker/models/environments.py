"""Environments, and what is or was live in them."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from tallystick_broker.models.base import MAX_NAME, Base, Created, Id, Json, Name, Updated, Uuid


class Environment(Base):
    """A place that versions are deployed to or released in."""

    __tablename__ = "environments"
    __table_args__ = (UniqueConstraint("name"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    uuid: Mapped[Uuid]
    name: Mapped[Name]
    display_name: Mapped[str]
    production: Mapped[bool]
    contacts: Mapped[Any | None] = mapped_column(Json)
    created_at: Mapped[Created]
    updated_at: Mapped[Updated]


class DeployedVersion(Base):
    """A deployment: over once undeployed_at is set. An instance runs one version at a time."""

    __tablename__ = "deployed_versions"
    __table_args__ = (
        ForeignKeyConstraint(
            ["version_id", "participant_id"], ["versions.id", "versions.participant_id"], ondelete="CASCADE"
        ),
        Index(
            "uq_deployed_versions_slot",
            "environment_id",
            "participant_id",
            "application_instance",
            unique=True,
            sqlite_where=text("undeployed_at IS NULL"),
            postgresql_where=text("undeployed_at IS NULL"),
        ),
        Index(None, "version_id", "environment_id"),
        Index("ix_deployed_versions_former", "participant_id", "environment_id", "undeployed_at"),
        Index(None, "created_at"),
        Index(None, "undeployed_at"),
        Index(None, "participant_id", "created_at"),
        Index(None, "participant_id", "undeployed_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    uuid: Mapped[Uuid]
    environment_id: Mapped[int] = mapped_column(ForeignKey("environments.id", ondelete="CASCADE"))
    participant_id: Mapped[int]
    version_id: Mapped[int]
    # The empty text stands for "no instance", because NULLs would not be equal to each other in the index.
    application_instance: Mapped[str] = mapped_column(String(MAX_NAME), default="")
    auto_created: Mapped[bool] = mapped_column(default=False)
    undeployed_at: Mapped[datetime | None]
    created_at: Mapped[Created]
    updated_at: Mapped[Updated]


class ReleasedVersion(Base):
    """A release: supported until support_ended_at is set; many versions may be supported at once."""

    __tablename__ = "released_versions"
    __table_args__ = (
        UniqueConstraint("environment_id", "version_id"),
        ForeignKeyConstraint(
            ["version_id", "participant_id"], ["versions.id", "versions.participant_id"], ondelete="CASCADE"
        ),
        Index(None, "version_id"),
        Index(None, "created_at"),
        Index(None, "support_ended_at"),
        Index(None, "participant_id", "created_at"),
        Index(None, "participant_id", "support_ended_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    uuid: Mapped[Uuid]
    environment_id: Mapped[int] = mapped_column(ForeignKey("environments.id", ondelete="CASCADE"))
    participant_id: Mapped[int]
    version_id: Mapped[int]
    support_ended_at: Mapped[datetime | None]
    created_at: Mapped[Created]
    updated_at: Mapped[Updated]


class LiveVersion(Base):
    """One reason for which a version is live in an environment now: a deployment or a release.

    A row comes and goes with its reason, so nothing has to be counted when one of several reasons ends.
    """

    __tablename__ = "live_versions"
    __table_args__ = (
        CheckConstraint("(deployed_version_id IS NULL) <> (released_version_id IS NULL)", "one_reason"),
        ForeignKeyConstraint(
            ["version_id", "participant_id"], ["versions.id", "versions.participant_id"], ondelete="CASCADE"
        ),
        Index(None, "environment_id", "participant_id", "version_id"),
        Index(None, "participant_id", "version_id"),
        Index(None, "version_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    environment_id: Mapped[int] = mapped_column(ForeignKey("environments.id", ondelete="CASCADE"))
    participant_id: Mapped[int]
    version_id: Mapped[int]
    deployed_version_id: Mapped[int | None] = mapped_column(
        ForeignKey("deployed_versions.id", ondelete="CASCADE"), unique=True
    )
    released_version_id: Mapped[int | None] = mapped_column(
        ForeignKey("released_versions.id", ondelete="CASCADE"), unique=True
    )
