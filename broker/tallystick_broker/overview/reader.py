"""A contract to read: its interactions as documentation, with who verified each and how it failed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from tallystick_broker.models import Content, LatestResult, Publication, Result, Version
from tallystick_broker.overview.findings import Finding, Findings, index, read_findings
from tallystick_broker.overview.marks import Marks, find_marks
from tallystick_contracts.documents import read
from tallystick_contracts.interactions import ContractError, Interaction, interactions, raw_interactions
from tallystick_contracts.messages import read_messages
from tallystick_contracts.reading import Part, read_part, summary

PAGE = 25
MOST_VERIFIERS = 6
MOST_PUBLISHERS = 10


@dataclass(frozen=True)
class Verifier:
    """A provider version that verified the contract, and its newest result."""

    number: str
    marks: Marks
    result_id: int
    success: bool
    pending: bool
    at: datetime
    findings: Findings


@dataclass(frozen=True)
class Verdict:
    """What a verifier found of one interaction; None when it did not tell of it."""

    verifier: Verifier
    success: bool | None
    finding: Finding | None


@dataclass(frozen=True)
class Reading:
    """An interaction to read, its place in the contract, and the verdicts of the verifiers."""

    interaction: Interaction
    summary: str
    parts: tuple[Part, ...]
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True)
class Contract:
    """A page of a contract's interactions; `fault` says why there are none to read in the document.

    `total` are those that were asked for, of `count` in the contract. At most MOST_VERIFIERS and MOST_PUBLISHERS,
    the newest first.
    """

    document: Any
    readings: tuple[Reading, ...]
    total: int
    count: int
    verifiers: tuple[Verifier, ...]
    publishers: tuple[str, ...]
    fault: str = ""


def read_contract(session: Session, content: Content, text: str = "", page: int = 1) -> Contract:
    """Return a page of the interactions that have the text in their description, states or first line."""
    document = read(content.document)
    verifiers = _read_verifiers(session, content)
    publishers = _read_publishers(session, content)
    try:
        found = list(zip(interactions(document), raw_interactions(document), strict=True))
    except (ContractError, AttributeError) as error:
        return Contract(document, (), 0, 0, verifiers, publishers, str(error))
    wanted = [(each, raw) for each, raw in found if _has(text.casefold(), each, raw)]
    shown = wanted[PAGE * (page - 1) : PAGE * page]
    readings = tuple(_read(each, raw, verifiers) for each, raw in shown)
    return Contract(document, readings, len(wanted), len(found), verifiers, publishers)


def _has(text: str, interaction: Interaction, raw: Mapping[str, Any]) -> bool:
    if not text:
        return True
    states = (state.name for state in interaction.states)
    return any(text in each.casefold() for each in (interaction.description, *states, _summary(raw)))


def _summary(raw: Mapping[str, Any]) -> str:
    return " → ".join(filter(None, map(summary, read_messages(raw))))


def _read(interaction: Interaction, raw: Mapping[str, Any], verifiers: Sequence[Verifier]) -> Reading:
    verdicts = []
    for each in verifiers:
        finding = each.findings.of(interaction)
        # A verifier that tells nothing of single interactions has honoured all of them when it succeeded.
        success = finding.success if finding else True if each.success else None
        verdicts.append(Verdict(each, success, finding))
    return Reading(interaction, _summary(raw), tuple(map(read_part, read_messages(raw))), tuple(verdicts))


def _read_verifiers(session: Session, content: Content) -> tuple[Verifier, ...]:
    wanted = (
        select(Result, Version.number)
        .join(LatestResult, LatestResult.result_id == Result.id)
        .join(Version, Version.id == Result.provider_version_id)
        .where(Result.content_id == content.id)
        .order_by(Result.id.desc())
        .limit(MOST_VERIFIERS)
        .options(undefer(Result.test_results))
    )
    found = session.execute(wanted).all()
    marks = find_marks(session, {result.provider_version_id for result, _ in found})
    return tuple(
        Verifier(
            number,
            marks[result.provider_version_id],
            result.id,
            result.success,
            result.pending,
            result.created_at,
            index(read_findings(result.test_results)),
        )
        for result, number in found
    )


def _read_publishers(session: Session, content: Content) -> tuple[str, ...]:
    wanted = (
        select(Version.number)
        .join(Publication, Publication.consumer_version_id == Version.id)
        .where(Publication.content_id == content.id, Publication.in_effect)
        .order_by(Publication.consumer_version_id.desc())
    )
    return tuple(session.scalars(wanted.limit(MOST_PUBLISHERS + 1)))
