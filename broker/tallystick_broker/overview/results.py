"""A verification result to read: what was found of each interaction of the contract."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tallystick_broker.models import Content, Result, Version
from tallystick_broker.overview.findings import Finding, index, read_findings
from tallystick_broker.overview.marks import Marks, find_marks
from tallystick_contracts.documents import read
from tallystick_contracts.interactions import ContractError, Interaction, interactions


@dataclass(frozen=True)
class Found:
    """What was found of an interaction of the contract, or of one that the contract does not have."""

    interaction: Interaction | None
    finding: Finding | None

    @property
    def success(self) -> bool | None:
        """Whether it was honoured; None when that was not told."""
        return None if self.finding is None else self.finding.success


@dataclass(frozen=True)
class Report:
    """A result with its provider version; failures come first. `newest` is the result that counts now."""

    result: Result
    version: Version
    marks: Marks
    found: tuple[Found, ...]
    failures: int
    untold: int
    newest: int


def read_report(session: Session, content: Content, result: Result) -> Report:
    """Return the result with what was told of each interaction, failures first, then what was not told."""
    version = session.get_one(Version, result.provider_version_id)
    findings = read_findings(result.test_results)
    known = index(findings)
    found = [Found(each, known.of(each)) for each in _interactions(content)]
    told = {id(each.finding) for each in found}
    found += [Found(None, each) for each in findings if id(each) not in told and not each.success]
    ranked = sorted(found, key=lambda each: {False: 0, None: 1, True: 2}[each.success])
    newest = select(func.max(Result.id)).filter_by(content_id=content.id, provider_version_id=version.id)
    return Report(
        result,
        version,
        find_marks(session, [version.id])[version.id],
        tuple(ranked),
        sum(each.success is False for each in ranked),
        sum(each.success is None for each in ranked),
        session.scalar(newest) or result.id,
    )


def _interactions(content: Content) -> list[Interaction]:
    try:
        return interactions(read(content.document))
    except (ContractError, AttributeError):
        return []
