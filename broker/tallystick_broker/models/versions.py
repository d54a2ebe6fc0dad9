"""Versions of participants, and the branches and tags that point at them.

A version's id is also its place in the order: ids only grow, so "latest" is the greatest id.
"""

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tallystick_broker.models.base import Base, Created, Id, Name, Updated
from tallystick_broker.models.participants import Participant


class Version(Base):
    """One build of a participant."""

    __tablename__ = "versions"
    __table_args__ = (
        UniqueConstraint("participant_id", "number"),
        UniqueConstraint("id", "participant_id"),  # what the composite foreign keys below refer to
        Index(None, "participant_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id", ondelete="CASCADE"))
    number: Mapped[Name]
    build_url: Mapped[str | None]
    created_at: Mapped[Created]
    updated_at: Mapped[Updated]

    participant: Mapped[Participant] = relationship()


class Branch(Base):
    """A branch of a participant's repository."""

    __tablename__ = "branches"
    __table_args__ = (UniqueConstraint("participant_id", "name"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id", ondelete="CASCADE"))
    name: Mapped[Name]
    created_at: Mapped[Created]
    updated_at: Mapped[Updated]


class BranchVersion(Base):
    """The membership of a version in a branch."""

    __tablename__ = "branch_versions"

    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id", ondelete="CASCADE"), primary_key=True)
    version_id: Mapped[int] = mapped_column(
        ForeignKey("versions.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    auto_created: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[Created]
    updated_at: Mapped[Updated]

    branch: Mapped[Branch] = relationship()


class BranchHead(Base):
    """The version that a branch stands at: the one that joined last."""

    __tablename__ = "branch_heads"
    __table_args__ = (
        ForeignKeyConstraint(
            ["branch_id", "version_id"],
            ["branch_versions.branch_id", "branch_versions.version_id"],
            ondelete="CASCADE",
        ),
        Index(None, "version_id"),
    )

    branch_id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int]


class Tag(Base):
    """A word on a version; the participant is repeated so that the newest with a tag is one index look-up."""

    __tablename__ = "tags"
    __table_args__ = (
        ForeignKeyConstraint(
            ["version_id", "participant_id"], ["versions.id", "versions.participant_id"], ondelete="CASCADE"
        ),
        Index(None, "participant_id", "name", "version_id"),
    )

    version_id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[Name] = mapped_column(primary_key=True)
    participant_id: Mapped[int]
    created_at: Mapped[Created]
    updated_at: Mapped[Updated]
