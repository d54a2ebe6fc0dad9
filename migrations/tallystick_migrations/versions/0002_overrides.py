"""Overrides of the gate, and what was deployed before as one look-up.

Revision: 0002
After: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "overrides",
        sa.Column("id", BIG, nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("environment_id", BIG, nullable=False),
        sa.Column("consumer_id", BIG, nullable=False),
        sa.Column("provider_id", BIG, nullable=False),
        sa.Column("consumer_version", sa.String(length=500), nullable=False),
        sa.Column("provider_version", sa.String(length=500), nullable=False),
        sa.Column("scope", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_by", sa.String(length=500), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ended_by", sa.String(length=500), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["consumer_id"], ["participants.id"], name="fk_overrides_consumer_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["environment_id"], ["environments.id"], name="fk_overrides_environment_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["participants.id"], name="fk_overrides_provider_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_overrides"),
        sa.UniqueConstraint("uuid", name="uq_overrides_uuid"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_deployed_versions_former",
        "deployed_versions",
        ["participant_id", "environment_id", "undeployed_at"],
    )
    op.create_index("ix_overrides_consumer_id", "overrides", ["consumer_id"])
    op.create_index("ix_overrides_provider_id", "overrides", ["provider_id"])
    op.create_index(
        "uq_overrides_in_effect",
        "overrides",
        ["environment_id", "consumer_id", "provider_id", "scope"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_table("overrides")
    op.drop_index("ix_deployed_versions_former", "deployed_versions")
