"""Parameters: what the templates of webhooks may say about a contract and its result."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from tallystick_broker.contracts import Pair
from tallystick_broker.db import among
from tallystick_broker.models import (
    Branch,
    BranchVersion,
    Content,
    Label,
    LiveVersion,
    Participant,
    Result,
    Tag,
    Version,
)

Values = dict[str, str]

STATUSES: Mapping[str, tuple[str, str, str]] = {
    "githubVerificationStatus": ("pending", "success", "failure"),
    "bitbucketVerificationStatus": ("INPROGRESS", "SUCCESSFUL", "FAILED"),
    "azureDevOpsVerificationStatus": ("pending", "succeeded", "failed"),
    "gitlabVerificationStatus": ("pending", "success", "failed"),
}
"""How each service spells that there is no result yet, a success, and a failure."""


@dataclass(frozen=True)
class Addresses:
    """Where the API shows what an event is about."""

    contract: Callable[[Pair, Content, str, Iterable[str]], str]
    """The address of a content, as published under this version number and selected by these tags."""
    result: Callable[[Pair, Content, Result], str]


@dataclass(frozen=True)
class Described:
    """A version's number, its newest branch and its tags."""

    number: str = ""
    branch: str = ""
    branch_is_guessed: bool = False
    """Whether the branch was taken from a tag, because the version was given none."""
    tags: tuple[str, ...] = ()
    build_url: str = ""


NOTHING = Described()


def describe_versions(session: Session, ids: Iterable[int]) -> dict[int, Described]:
    """Return what is known of these versions, by their ids."""
    wanted = set(ids)
    on = (
        select(Version, Branch.name, BranchVersion.auto_created)
        .outerjoin(BranchVersion, BranchVersion.version_id == Version.id)
        .outerjoin(Branch, Branch.id == BranchVersion.branch_id)
        .where(among(Version.id, wanted))
        .order_by(BranchVersion.created_at, Branch.id)
    )
    tags = _group(session, Tag.version_id, Tag.name, wanted)
    return {
        version.id: Described(
            version.number, branch or "", bool(guessed), tags[version.id], version.build_url or ""
        )
        for version, branch, guessed in session.execute(on)  # the newest branch is the last one
    }


def labels_of(session: Session, participants: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """Return the labels of each of these participants."""
    return _group(session, Label.participant_id, Label.name, set(participants))


def deployed_numbers(session: Session, participants: Iterable[int]) -> dict[int, list[str]]:
    """Return the numbers of the versions that are deployed somewhere, by the participants' ids."""
    deployed = select(LiveVersion.version_id).where(
        among(LiveVersion.participant_id, participants), LiveVersion.deployed_version_id.is_not(None)
    )
    wanted = select(Version.participant_id, Version.number).where(Version.id.in_(deployed))
    found: dict[int, list[str]] = {}
    for participant_id, number in session.execute(wanted.order_by(Version.id)):
        found.setdefault(participant_id, []).append(number)
    return found


def main_branch_results(session: Session, contents: Iterable[int]) -> dict[int, Result]:
    """Return the newest result of each content by a version on its provider's main branch."""
    newest = (
        select(Result.id)
        .join(BranchVersion, BranchVersion.version_id == Result.provider_version_id)
        .join(Branch, Branch.id == BranchVersion.branch_id)
        .where(Result.content_id == Content.id, Branch.name == Participant.main_branch)
        .order_by(Result.id.desc())
        .limit(1)
        .correlate(Content, Participant)
        .scalar_subquery()
    )
    wanted = (
        select(Result)
        .select_from(Content)
        .join(Participant, Participant.id == Content.provider_id)
        .join(Result, Result.id == newest)
        .where(among(Content.id, contents))
    )
    return {result.content_id: result for result in session.scalars(wanted)}


def contract_values(
    pair: Pair,
    content: Content,
    consumer: Described,
    addresses: Addresses,
    tags: Iterable[str] | None = None,
) -> Values:
    """Return what is said of a contract and its consumer version; `tags` are those that it was selected by."""
    shown = consumer.tags if tags is None else tuple(tags)
    return {
        "consumerName": pair.consumer.name,
        "providerName": pair.provider.name,
        "consumerVersionNumber": consumer.number,
        "consumerVersionTags": ", ".join(shown),
        "consumerVersionBranch": "" if consumer.branch_is_guessed else consumer.branch,
        "pactUrl": addresses.contract(pair, content, consumer.number, shown),
    }


def provider_values(provider: Described, reasons: Iterable[str] = ()) -> Values:
    """Return what is said of a provider version; `reasons` say why it should have a result."""
    return {
        "providerVersionNumber": provider.number,
        "providerVersionTags": ", ".join(provider.tags),
        "providerVersionBranch": provider.branch,
        "providerVersionDescriptions": ", ".join(reasons),
    }


def result_values(result: Result | None, address: str = "") -> Values:
    """Return what is said of a result; None when there is none yet."""
    outcome = 0 if result is None else 1 if result.success else 2
    statuses = {name: spelled[outcome] for name, spelled in STATUSES.items()}
    return statuses | {"verificationResultUrl": address}


def _group(
    session: Session, key: InstrumentedAttribute[int], name: InstrumentedAttribute[str], ids: set[int]
) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = defaultdict(tuple)
    for each, word in session.execute(select(key, name).where(among(key, ids)).order_by(name)):
        found[each] += (word,)
    return found
