"""The first schema.

Revision: 0001
After: nothing
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "environments",
        sa.Column("id", BIG, nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("production", sa.Boolean(), nullable=False),
        sa.Column("contacts", sa.Text(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_environments"),
        sa.UniqueConstraint("name", name="uq_environments_name"),
        sa.UniqueConstraint("uuid", name="uq_environments_uuid"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "participants",
        sa.Column("id", BIG, nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("main_branch", sa.String(length=500), nullable=True),
        sa.Column("repository_url", sa.Text(), nullable=True),
        sa.Column("repository_name", sa.Text(), nullable=True),
        sa.Column("repository_namespace", sa.Text(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_participants"),
        sa.UniqueConstraint("name", name="uq_participants_name"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "settings",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_settings"),
    )
    op.create_table(
        "branches",
        sa.Column("id", BIG, nullable=False),
        sa.Column("participant_id", BIG, nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participants.id"],
            name="fk_branches_participant_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_branches"),
        sa.UniqueConstraint("participant_id", "name", name="uq_branches_participant_id_name"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "contents",
        sa.Column("id", BIG, nullable=False),
        sa.Column("consumer_id", BIG, nullable=False),
        sa.Column("provider_id", BIG, nullable=False),
        sa.Column("fingerprint", sa.String(length=40), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("interactions_count", BIG, nullable=False),
        sa.Column("messages_count", BIG, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["consumer_id"], ["participants.id"], name="fk_contents_consumer_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["participants.id"], name="fk_contents_provider_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_contents"),
        sa.UniqueConstraint(
            "consumer_id",
            "provider_id",
            "fingerprint",
            name="uq_contents_consumer_id_provider_id_fingerprint",
        ),
        sa.UniqueConstraint(
            "id", "consumer_id", "provider_id", name="uq_contents_id_consumer_id_provider_id"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_contents_provider_id", "contents", ["provider_id"])

    op.create_table(
        "integrations",
        sa.Column("consumer_id", BIG, nullable=False),
        sa.Column("provider_id", BIG, nullable=False),
        sa.Column("contract_data_updated_at", MOMENT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["consumer_id"], ["participants.id"], name="fk_integrations_consumer_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["participants.id"], name="fk_integrations_provider_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("consumer_id", "provider_id", name="pk_integrations"),
    )
    op.create_index("ix_integrations_contract_data_updated_at", "integrations", ["contract_data_updated_at"])
    op.create_index("ix_integrations_provider_id", "integrations", ["provider_id"])

    op.create_table(
        "labels",
        sa.Column("participant_id", BIG, nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name="fk_labels_participant_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("participant_id", "name", name="pk_labels"),
    )
    op.create_index("ix_labels_name", "labels", ["name"])

    op.create_table(
        "versions",
        sa.Column("id", BIG, nullable=False),
        sa.Column("participant_id", BIG, nullable=False),
        sa.Column("number", sa.String(length=500), nullable=False),
        sa.Column("build_url", sa.Text(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participants.id"],
            name="fk_versions_participant_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_versions"),
        sa.UniqueConstraint("id", "participant_id", name="uq_versions_id_participant_id"),
        sa.UniqueConstraint("participant_id", "number", name="uq_versions_participant_id_number"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_versions_participant_id_id", "versions", ["participant_id", "id"])

    op.create_table(
        "webhooks",
        sa.Column("id", BIG, nullable=False),
        sa.Column("uuid", sa.String(length=64), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("consumer_id", BIG, nullable=True),
        sa.Column("consumer_label", sa.String(length=500), nullable=True),
        sa.Column("provider_id", BIG, nullable=True),
        sa.Column("provider_label", sa.String(length=500), nullable=True),
        sa.Column("method", sa.String(length=20), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("headers", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("username", sa.Text(), nullable=True),
        sa.Column("encrypted_password", sa.Text(), nullable=True),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "consumer_id IS NULL OR consumer_label IS NULL", name="ck_webhooks_consumer_name_or_label"
        ),
        sa.CheckConstraint(
            "provider_id IS NULL OR provider_label IS NULL", name="ck_webhooks_provider_name_or_label"
        ),
        sa.ForeignKeyConstraint(
            ["consumer_id"], ["participants.id"], name="fk_webhooks_consumer_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["participants.id"], name="fk_webhooks_provider_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_webhooks"),
        sa.UniqueConstraint("uuid", name="uq_webhooks_uuid"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_webhooks_consumer_id", "webhooks", ["consumer_id"])
    op.create_index("ix_webhooks_provider_id", "webhooks", ["provider_id"])

    op.create_table(
        "branch_versions",
        sa.Column("branch_id", BIG, nullable=False),
        sa.Column("version_id", BIG, nullable=False),
        sa.Column("auto_created", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["branch_id"], ["branches.id"], name="fk_branch_versions_branch_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["versions.id"], name="fk_branch_versions_version_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("branch_id", "version_id", name="pk_branch_versions"),
    )
    op.create_index("ix_branch_versions_version_id", "branch_versions", ["version_id"])

    op.create_table(
        "deployed_versions",
        sa.Column("id", BIG, nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("environment_id", BIG, nullable=False),
        sa.Column("participant_id", BIG, nullable=False),
        sa.Column("version_id", BIG, nullable=False),
        sa.Column("application_instance", sa.String(length=500), nullable=False),
        sa.Column("auto_created", sa.Boolean(), nullable=False),
        sa.Column("undeployed_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["environment_id"],
            ["environments.id"],
            name="fk_deployed_versions_environment_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["version_id", "participant_id"],
            ["versions.id", "versions.participant_id"],
            name="fk_deployed_versions_version_id_participant_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_deployed_versions"),
        sa.UniqueConstraint("uuid", name="uq_deployed_versions_uuid"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_deployed_versions_version_id_environment_id",
        "deployed_versions",
        ["version_id", "environment_id"],
    )
    op.create_index(
        "uq_deployed_versions_slot",
        "deployed_versions",
        ["environment_id", "participant_id", "application_instance"],
        unique=True,
        sqlite_where=sa.text("undeployed_at IS NULL"),
        postgresql_where=sa.text("undeployed_at IS NULL"),
    )

    op.create_table(
        "publications",
        sa.Column("id", BIG, nullable=False),
        sa.Column("consumer_id", BIG, nullable=False),
        sa.Column("consumer_version_id", BIG, nullable=False),
        sa.Column("provider_id", BIG, nullable=False),
        sa.Column("content_id", BIG, nullable=False),
        sa.Column("revision", BIG, nullable=False),
        sa.Column("in_effect", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["consumer_version_id", "consumer_id"],
            ["versions.id", "versions.participant_id"],
            name="fk_publications_consumer_version_id_consumer_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["content_id", "consumer_id", "provider_id"],
            ["contents.id", "contents.consumer_id", "contents.provider_id"],
            name="fk_publications_content_id_consumer_id_provider_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_publications"),
        sa.UniqueConstraint(
            "consumer_version_id",
            "provider_id",
            "revision",
            name="uq_publications_consumer_version_id_provider_id_revision",
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_publications_consumer_id_consumer_version_id",
        "publications",
        ["consumer_id", "consumer_version_id"],
    )
    op.create_index(
        "ix_publications_content_id_consumer_version_id",
        "publications",
        ["content_id", "consumer_version_id"],
    )
    op.create_index(
        "ix_publications_pair",
        "publications",
        ["provider_id", "consumer_id", "consumer_version_id"],
        sqlite_where=sa.text("in_effect = 1"),
        postgresql_where=sa.text("in_effect"),
    )
    op.create_index(
        "uq_publications_in_effect",
        "publications",
        ["consumer_version_id", "provider_id"],
        unique=True,
        sqlite_where=sa.text("in_effect = 1"),
        postgresql_where=sa.text("in_effect"),
    )

    op.create_table(
        "released_versions",
        sa.Column("id", BIG, nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("environment_id", BIG, nullable=False),
        sa.Column("participant_id", BIG, nullable=False),
        sa.Column("version_id", BIG, nullable=False),
        sa.Column("support_ended_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["environment_id"],
            ["environments.id"],
            name="fk_released_versions_environment_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["version_id", "participant_id"],
            ["versions.id", "versions.participant_id"],
            name="fk_released_versions_version_id_participant_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_released_versions"),
        sa.UniqueConstraint(
            "environment_id", "version_id", name="uq_released_versions_environment_id_version_id"
        ),
        sa.UniqueConstraint("uuid", name="uq_released_versions_uuid"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_released_versions_version_id", "released_versions", ["version_id"])

    op.create_table(
        "results",
        sa.Column("id", BIG, nullable=False),
        sa.Column("content_id", BIG, nullable=False),
        sa.Column("consumer_id", BIG, nullable=False),
        sa.Column("provider_id", BIG, nullable=False),
        sa.Column("provider_version_id", BIG, nullable=False),
        sa.Column("success", sa.Boolean(), nullable=False),
        sa.Column("build_url", sa.Text(), nullable=True),
        sa.Column("test_results", sa.Text(), nullable=True),
        sa.Column("verified_by", sa.Text(), nullable=True),
        sa.Column("wip", sa.Boolean(), nullable=False),
        sa.Column("pending", sa.Boolean(), nullable=False),
        sa.Column("selectors", sa.Text(), nullable=True),
        sa.Column("provider_tags", sa.Text(), nullable=True),
        sa.Column("executed_at", MOMENT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["content_id", "consumer_id", "provider_id"],
            ["contents.id", "contents.consumer_id", "contents.provider_id"],
            name="fk_results_content_id_consumer_id_provider_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["provider_version_id", "provider_id"],
            ["versions.id", "versions.participant_id"],
            name="fk_results_provider_version_id_provider_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_results"),
        sa.UniqueConstraint(
            "id",
            "content_id",
            "provider_version_id",
            name="uq_results_id_content_id_provider_version_id",
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_results_content_id_id", "results", ["content_id", "id"])
    op.create_index("ix_results_provider_id_consumer_id_id", "results", ["provider_id", "consumer_id", "id"])
    op.create_index(
        "ix_results_provider_version_id_content_id", "results", ["provider_version_id", "content_id"]
    )

    op.create_table(
        "tags",
        sa.Column("version_id", BIG, nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("participant_id", BIG, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id", "participant_id"],
            ["versions.id", "versions.participant_id"],
            name="fk_tags_version_id_participant_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("version_id", "name", name="pk_tags"),
    )
    op.create_index(
        "ix_tags_participant_id_name_version_id", "tags", ["participant_id", "name", "version_id"]
    )

    op.create_table(
        "webhook_events",
        sa.Column("webhook_id", BIG, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(
            ["webhook_id"], ["webhooks.id"], name="fk_webhook_events_webhook_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("webhook_id", "name", name="pk_webhook_events"),
    )
    op.create_index("ix_webhook_events_name", "webhook_events", ["name"])

    op.create_table(
        "branch_heads",
        sa.Column("branch_id", BIG, nullable=False),
        sa.Column("version_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["branch_id", "version_id"],
            ["branch_versions.branch_id", "branch_versions.version_id"],
            name="fk_branch_heads_branch_id_version_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("branch_id", name="pk_branch_heads"),
    )
    op.create_index("ix_branch_heads_version_id", "branch_heads", ["version_id"])

    op.create_table(
        "first_successes",
        sa.Column("content_id", BIG, nullable=False),
        sa.Column("provider_tag", sa.String(length=500), nullable=False),
        sa.Column("wip", sa.Boolean(), nullable=False),
        sa.Column("result_id", BIG, nullable=True),
        sa.Column("executed_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["content_id"], ["contents.id"], name="fk_first_successes_content_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["result_id"], ["results.id"], name="fk_first_successes_result_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("content_id", "provider_tag", "wip", name="pk_first_successes"),
    )
    op.create_index("ix_first_successes_result_id", "first_successes", ["result_id"])

    op.create_table(
        "latest_results",
        sa.Column("content_id", BIG, nullable=False),
        sa.Column("provider_version_id", BIG, nullable=False),
        sa.Column("result_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["result_id", "content_id", "provider_version_id"],
            ["results.id", "results.content_id", "results.provider_version_id"],
            name="fk_latest_results_result_id_content_id_provider_version_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("content_id", "provider_version_id", name="pk_latest_results"),
    )
    op.create_index(
        "ix_latest_results_provider_version_id_content_id",
        "latest_results",
        ["provider_version_id", "content_id"],
    )
    op.create_index("ix_latest_results_result_id", "latest_results", ["result_id"])

    op.create_table(
        "live_versions",
        sa.Column("id", BIG, nullable=False),
        sa.Column("environment_id", BIG, nullable=False),
        sa.Column("participant_id", BIG, nullable=False),
        sa.Column("version_id", BIG, nullable=False),
        sa.Column("deployed_version_id", BIG, nullable=True),
        sa.Column("released_version_id", BIG, nullable=True),
        sa.CheckConstraint(
            "(deployed_version_id IS NULL) <> (released_version_id IS NULL)",
            name="ck_live_versions_one_reason",
        ),
        sa.ForeignKeyConstraint(
            ["deployed_version_id"],
            ["deployed_versions.id"],
            name="fk_live_versions_deployed_version_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["environment_id"],
            ["environments.id"],
            name="fk_live_versions_environment_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["released_version_id"],
            ["released_versions.id"],
            name="fk_live_versions_released_version_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["version_id", "participant_id"],
            ["versions.id", "versions.participant_id"],
            name="fk_live_versions_version_id_participant_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_live_versions"),
        sa.UniqueConstraint("deployed_version_id", name="uq_live_versions_deployed_version_id"),
        sa.UniqueConstraint("released_version_id", name="uq_live_versions_released_version_id"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_live_versions_environment_id_participant_id_version_id",
        "live_versions",
        ["environment_id", "participant_id", "version_id"],
    )
    op.create_index(
        "ix_live_versions_participant_id_version_id", "live_versions", ["participant_id", "version_id"]
    )
    op.create_index("ix_live_versions_version_id", "live_versions", ["version_id"])

    op.create_table(
        "triggered_webhooks",
        sa.Column("id", BIG, nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("webhook_id", BIG, nullable=True),
        sa.Column("webhook_uuid", sa.String(length=64), nullable=False),
        sa.Column("consumer_id", BIG, nullable=False),
        sa.Column("provider_id", BIG, nullable=False),
        sa.Column("publication_id", BIG, nullable=True),
        sa.Column("result_id", BIG, nullable=True),
        sa.Column("event_name", sa.String(length=100), nullable=False),
        sa.Column("event_context", sa.Text(), nullable=True),
        sa.Column("trigger_type", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("attempts", BIG, nullable=False),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("claimed_by", sa.Text(), nullable=True),
        sa.Column("claimed_until", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "status IN ('not_run', 'retrying', 'success', 'failure')",
            name="ck_triggered_webhooks_status",
        ),
        sa.CheckConstraint(
            "trigger_type IN ('resource_creation', 'user')", name="ck_triggered_webhooks_trigger_type"
        ),
        sa.ForeignKeyConstraint(
            ["consumer_id"],
            ["participants.id"],
            name="fk_triggered_webhooks_consumer_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["participants.id"],
            name="fk_triggered_webhooks_provider_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["publications.id"],
            name="fk_triggered_webhooks_publication_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["result_id"], ["results.id"], name="fk_triggered_webhooks_result_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["webhook_id"],
            ["webhooks.id"],
            name="fk_triggered_webhooks_webhook_id",
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_triggered_webhooks"),
        sa.UniqueConstraint("uuid", name="uq_triggered_webhooks_uuid"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_triggered_webhooks_consumer_id_provider_id_id",
        "triggered_webhooks",
        ["consumer_id", "provider_id", "id"],
    )
    op.create_index("ix_triggered_webhooks_provider_id", "triggered_webhooks", ["provider_id"])
    op.create_index("ix_triggered_webhooks_publication_id", "triggered_webhooks", ["publication_id"])
    op.create_index("ix_triggered_webhooks_result_id", "triggered_webhooks", ["result_id"])
    op.create_index("ix_triggered_webhooks_status_due_at", "triggered_webhooks", ["status", "due_at"])
    op.create_index("ix_triggered_webhooks_webhook_id", "triggered_webhooks", ["webhook_id"])

    op.create_table(
        "webhook_executions",
        sa.Column("id", BIG, nullable=False),
        sa.Column("triggered_webhook_id", BIG, nullable=False),
        sa.Column("success", sa.Boolean(), nullable=False),
        sa.Column("request", sa.Text(), nullable=True),
        sa.Column("response", sa.Text(), nullable=True),
        sa.Column("logs", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["triggered_webhook_id"],
            ["triggered_webhooks.id"],
            name="fk_webhook_executions_triggered_webhook_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_webhook_executions"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_webhook_executions_triggered_webhook_id_id", "webhook_executions", ["triggered_webhook_id", "id"]
    )


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_table("webhook_executions")
    op.drop_table("triggered_webhooks")
    op.drop_table("live_versions")
    op.drop_table("latest_results")
    op.drop_table("first_successes")
    op.drop_table("branch_heads")
    op.drop_table("webhook_events")
    op.drop_table("tags")
    op.drop_table("results")
    op.drop_table("released_versions")
    op.drop_table("publications")
    op.drop_table("deployed_versions")
    op.drop_table("branch_versions")
    op.drop_table("webhooks")
    op.drop_table("versions")
    op.drop_table("labels")
    op.drop_table("integrations")
    op.drop_table("contents")
    op.drop_table("branches")
    op.drop_table("settings")
    op.drop_table("participants")
    op.drop_table("environments")
