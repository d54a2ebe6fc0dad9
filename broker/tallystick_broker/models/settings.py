"""Settings and markers that are kept in the database."""

from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from tallystick_broker.models.base import Base, Created, Json, Updated


class Setting(Base):
    """A named value that all replicas share."""

    __tablename__ = "settings"

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    value: Mapped[Any | None] = mapped_column(Json)
    created_at: Mapped[Created]
    updated_at: Mapped[Updated]
