"""What happened, by time: of all services and of one; and the deliveries of a webhook, by number.

Revision: 0003
After: 0002
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

INDEXES = (
    ("publications", "created_at"),
    ("publications", "consumer_id", "created_at"),
    ("publications", "provider_id", "created_at"),
    ("results", "created_at"),
    ("results", "consumer_id", "created_at"),
    ("results", "provider_id", "created_at"),
    ("deployed_versions", "created_at"),
    ("deployed_versions", "undeployed_at"),
    ("deployed_versions", "participant_id", "created_at"),
    ("deployed_versions", "participant_id", "undeployed_at"),
    ("released_versions", "created_at"),
    ("released_versions", "support_ended_at"),
    ("released_versions", "participant_id", "created_at"),
    ("released_versions", "participant_id", "support_ended_at"),
    ("triggered_webhooks", "webhook_id", "id"),
)
REPLACED = ("triggered_webhooks", "webhook_id")


def upgrade() -> None:
    """Go to this revision."""
    for table, *columns in INDEXES:
        op.create_index(_name(table, *columns), table, columns)
    op.drop_index(_name(*REPLACED), REPLACED[0])


def downgrade() -> None:
    """Go back to the revision before."""
    op.create_index(_name(*REPLACED), REPLACED[0], [*REPLACED[1:]])
    for table, *columns in INDEXES:
        op.drop_index(_name(table, *columns), table)


def _name(table: str, *columns: str) -> str:
    return "_".join(("ix", table, *columns))
