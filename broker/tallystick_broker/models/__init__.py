"""The nouns: one class each, which is one table each."""

from tallystick_broker.models.base import MAX_NAME, Base, new_uuid, now
from tallystick_broker.models.contracts import Content, Integration, Publication
from tallystick_broker.models.environments import DeployedVersion, Environment, LiveVersion, ReleasedVersion
from tallystick_broker.models.overrides import Override
from tallystick_broker.models.participants import Label, Participant
from tallystick_broker.models.settings import Setting
from tallystick_broker.models.verifications import FirstSuccess, LatestResult, Result
from tallystick_broker.models.versions import Branch, BranchHead, BranchVersion, Tag, Version
from tallystick_broker.models.webhooks import TriggeredWebhook, Webhook, WebhookEvent, WebhookExecution

__all__ = [
    "MAX_NAME",
    "Base",
    "Branch",
    "BranchHead",
    "BranchVersion",
    "Content",
    "DeployedVersion",
    "Environment",
    "FirstSuccess",
    "Integration",
    "Label",
    "LatestResult",
    "LiveVersion",
    "Override",
    "Participant",
    "Publication",
    "ReleasedVersion",
    "Result",
    "Setting",
    "Tag",
    "TriggeredWebhook",
    "Version",
    "Webhook",
    "WebhookEvent",
    "WebhookExecution",
    "new_uuid",
    "now",
]
