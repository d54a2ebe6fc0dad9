"""The gate's answer: may it be deployed, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from tallystick_client.publishing import Notice, read_notices


@dataclass(frozen=True)
class Party:
    """A participant in one version; the version is None when there is none."""

    name: str
    version: str | None

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> Self:
        """Return the party from `{name, version}`, where the version is a text or has a `number`."""
        version = body.get("version")
        number = version.get("number") if isinstance(version, Mapping) else version
        return cls(str(body["name"]), None if number is None else str(number))


@dataclass(frozen=True)
class Row:
    """A contract between two versions and its verification result: True, False, or None for not verified.

    `url` leads to the result. An `ignored` row has no part in the verdict.
    """

    consumer: Party
    provider: Party
    success: bool | None
    url: str | None
    ignored: bool

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> Self:
        """Return the row from an element of `matrix`."""
        result = body.get("verificationResult") or {}
        success = result.get("success")
        return cls(
            consumer=Party.read(body["consumer"]),
            provider=Party.read(body["provider"]),
            success=success if isinstance(success, bool) else None,
            url=((result.get("_links") or {}).get("self") or {}).get("href"),
            ignored=body.get("ignored") is True,
        )


@dataclass(frozen=True)
class FailedInteraction:
    """An interaction that a provider did not satisfy, with each difference."""

    description: str
    mismatches: tuple[str, ...]

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> Self:
        """Return the interaction from an element of a reason's `interactions`."""
        return cls(str(body.get("description", "")), _read_texts(body.get("mismatches")))


@dataclass(frozen=True)
class Reason:
    """Why the answer is what it is.

    `type` is error for what stands against deploying, and otherwise warning, info or success. `asked` says who
    was asked for a result that is missing and when, `clears_by_itself` whether it goes away without anybody doing
    something, `next` what to do about it; `link` leads to a page that shows more.
    """

    code: str
    type: str
    text: str
    consumer: Party | None
    provider: Party | None
    interactions: tuple[FailedInteraction, ...]
    asked: str | None
    clears_by_itself: bool | None
    next: tuple[str, ...]
    link: str | None

    @property
    def blocks(self) -> bool:
        """Whether it stands against deploying."""
        return self.type == "error"

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> Self:
        """Return the reason from an element of `reasons`."""
        return cls(
            code=str(body.get("code", "")),
            type=str(body.get("type", "error")),
            text=str(body["text"]),
            consumer=Party.read(body["consumer"]) if body.get("consumer") else None,
            provider=Party.read(body["provider"]) if body.get("provider") else None,
            interactions=tuple(map(FailedInteraction.read, body.get("interactions") or ())),
            asked=body.get("asked"),
            clears_by_itself=body.get("clearsByItself"),
            next=_read_texts(body.get("next")),
            link=body.get("link"),
        )


@dataclass(frozen=True)
class Verdict:
    """Whether it may be deployed: True, False, or None while results are missing. Only True is a yes.

    `reasons` are Tallystick's, `notices` every broker's; `success`, `failed`, `unknown` and `ignored` are
    counts; `page` is the address of a page that shows the same, if there is one; `body` is the broker's whole
    answer.
    """

    deployable: bool | None
    reasons: tuple[Reason, ...]
    notices: tuple[Notice, ...]
    rows: tuple[Row, ...]
    success: int
    failed: int
    unknown: int
    ignored: int
    page: str | None
    body: dict[str, Any] = field(repr=False, compare=False)

    @classmethod
    def read(cls, body: dict[str, Any]) -> Self:
        """Return the verdict in the answer to GET /matrix; raises ValueError for one that is no verdict."""
        summary = body["summary"]
        deployable = summary["deployable"]
        if deployable is not None and not isinstance(deployable, bool):
            raise ValueError(f"deployable is {deployable!r}")
        return cls(
            deployable=deployable,
            reasons=tuple(map(Reason.read, body.get("reasons") or ())),
            notices=tuple(read_notices(body)),
            rows=tuple(map(Row.read, body["matrix"])),
            success=int(summary.get("success") or 0),
            failed=int(summary.get("failed") or 0),
            unknown=int(summary.get("unknown") or 0),
            ignored=int(summary.get("ignored") or 0),
            page=find_page(body),
            body=body,
        )


def find_page(body: Mapping[str, Any]) -> str | None:
    """Return the address of the page that shows the same as this answer, which Tallystick's brokers link to."""
    page: str | None = ((body.get("_links") or {}).get("alternate") or {}).get("href")
    return page


def _read_texts(value: object) -> tuple[str, ...]:
    """Return one text, or each of a list."""
    if isinstance(value, list):
        return tuple(map(str, value))
    return (str(value),) if value else ()
