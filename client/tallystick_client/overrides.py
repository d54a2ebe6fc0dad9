"""Overrides of the gate: who decided that a pair does not count, why, and until when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from tallystick_client.errors import InvalidInput
from tallystick_client.verdict import Party


@dataclass(frozen=True)
class Override:
    """A decision that a pair does not count in an environment; a side without a version is every version.

    The moments are texts as the broker has them; `body` is the broker's whole description.
    """

    uuid: str
    environment: str
    consumer: Party
    provider: Party
    reason: str
    created_by: str
    expires_at: str
    in_effect: bool
    ended_by: str | None
    ended_at: str | None
    body: dict[str, Any] = field(repr=False, compare=False)

    @classmethod
    def read(cls, body: dict[str, Any]) -> Self:
        """Return the override that a representation describes."""
        return cls(
            str(body["uuid"]),
            str(body["environment"]["name"]),
            Party.read(body["consumer"]),
            Party.read(body["provider"]),
            str(body["reason"]),
            str(body["createdBy"]),
            str(body["expiresAt"]),
            body["inEffect"] is True,
            body.get("endedBy"),
            body.get("endedAt"),
            body,
        )


def describe_override(
    environment: str, consumer: Party, provider: Party, reason: str, created_by: str, expires_at: datetime
) -> Mapping[str, Any]:
    """Return the body that makes an override; raises InvalidInput for a moment without its zone."""
    if expires_at.tzinfo is None:
        raise InvalidInput("When the override ends needs a time zone, like 2030-01-31T12:00:00Z.")
    body = {
        "environment": environment,
        "consumer": consumer.name,
        "consumerVersion": consumer.version,
        "provider": provider.name,
        "providerVersion": provider.version,
        "reason": reason,
        "createdBy": created_by,
        "expiresAt": expires_at.isoformat(),
    }
    return {key: value for key, value in body.items() if value is not None}
