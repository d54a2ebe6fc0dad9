"""Overrides: decisions of people that a pair does not count for the gate, for a while and for a reason."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from tallystick_broker.models.base import MAX_NAME, Base, Created, Id, Name, Updated, Uuid


class Override(Base):
    """One decision; a row is never deleted as long as the pair and the environment exist, so it is its own record."""

    __tablename__ = "overrides"
    __table_args__ = (
        Index(
            "uq_overrides_in_effect",
            "environment_id",
            "consumer_id",
            "provider_id",
            "scope",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(None, "consumer_id"),
        Index(None, "provider_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    uuid: Mapped[Uuid]
    environment_id: Mapped[int] = mapped_column(ForeignKey("environments.id", ondelete="CASCADE"))
    consumer_id: Mapped[int] = mapped_column(ForeignKey("participants.id", ondelete="CASCADE"))
    provider_id: Mapped[int] = mapped_column(ForeignKey("participants.id", ondelete="CASCADE"))
    # The empty text stands for every version, because NULLs would not be equal to each other in the index.
    consumer_version: Mapped[str] = mapped_column(String(MAX_NAME), default="")
    provider_version: Mapped[str] = mapped_column(String(MAX_NAME), default="")
    # Two names of the greatest length are more than an index holds, so it has a digest of both.
    scope: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str]
    created_by: Mapped[Name]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[Name | None]
    created_at: Mapped[Created]
    updated_at: Mapped[Updated]
