"""Participants (the wire says pacticipants): the applications that consume and provide, and their labels."""

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tallystick_broker.models.base import Base, Created, Id, Name, Updated


class Participant(Base):
    """An application that consumes, provides, or both."""

    __tablename__ = "participants"
    __table_args__ = (UniqueConstraint("name"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    name: Mapped[Name]
    display_name: Mapped[str]
    main_branch: Mapped[Name | None]
    repository_url: Mapped[str | None]
    repository_name: Mapped[str | None]
    repository_namespace: Mapped[str | None]
    created_at: Mapped[Created]
    updated_at: Mapped[Updated]

    labels: Mapped[list["Label"]] = relationship(order_by="Label.name", passive_deletes=True)


class Label(Base):
    """A word by which participants are grouped."""

    __tablename__ = "labels"

    participant_id: Mapped[int] = mapped_column(
        ForeignKey("participants.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[Name] = mapped_column(primary_key=True, index=True)
    created_at: Mapped[Created]
    updated_at: Mapped[Updated]
