"""Whether a service can go back: the gate's answer for each version that was live before."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from tallystick_client.verdict import Reason


@dataclass(frozen=True)
class FormerVersion:
    """A version that was live until a moment, whether it would be safe now, and why."""

    number: str
    live_until: str
    deployable: bool | None
    reasons: tuple[Reason, ...]

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> Self:
        """Return the former version from an element of `versions`."""
        return cls(
            str(body["number"]),
            str(body["liveUntil"]),
            body["summary"]["deployable"],
            tuple(map(Reason.read, body["reasons"])),
        )


@dataclass(frozen=True)
class Rollback:
    """The newest version that is safe to go back to, if there is one, and all that were asked about.

    `body` is the broker's whole answer.
    """

    version: str | None
    versions: tuple[FormerVersion, ...]
    body: dict[str, Any] = field(repr=False, compare=False)

    @classmethod
    def read(cls, body: dict[str, Any]) -> Self:
        """Return the rollback in the answer to GET /can-i-rollback."""
        return cls(body["summary"]["version"], tuple(map(FormerVersion.read, body["versions"])), body)
