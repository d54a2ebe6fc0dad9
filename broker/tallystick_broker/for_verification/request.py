"""What a provider's build asks for, and which selectors make sense. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

BRANCH_FIELDS = ("branch", "fallbackBranch", "fallbackTag", "latest", "mainBranch", "matchingBranch", "tag")
PLACE_FIELDS = ("deployed", "deployedOrReleased", "environment", "released")
SELECTING = ("branch", "mainBranch", "matchingBranch", "tag", *PLACE_FIELDS)


@dataclass(frozen=True)
class Selector:
    """Which consumer versions' contracts are meant; a consumer version selector in its plainest form."""

    consumer: str | None = None
    main_branch: bool = False
    branch: str | None = None
    any_branch: bool = False
    tag: str | None = None
    latest: bool = False
    environment: str | None = None
    deployed: bool = False
    released: bool = False
    fallback_for: "Selector | None" = None
    """The selector that found nothing, when this one takes its place."""


@dataclass(frozen=True)
class Request:
    """The version under test, by its branch or its tags, and what to give it."""

    selectors: tuple[tuple[Selector, Selector | None], ...] = ()
    """Each with the one that takes its place when it finds nothing; none at all means the default ones."""
    branch: str | None = None
    tags: tuple[str, ...] = ()
    pending: bool = True
    wip_since: datetime | None = None


def read_selectors(given: Mapping[str, Any], branch: str | None) -> list[tuple[Selector, Selector | None]]:
    """Return the plain selectors that one of the wire's stands for; `branch` is the provider's."""
    consumer, environment = given.get("consumer"), given.get("environment")
    if given.get("deployedOrReleased"):
        either = (Selector(consumer, environment=environment, deployed=True), None)
        return [either, (Selector(consumer, environment=environment, released=True), None)]
    name = branch if given.get("matchingBranch") else given.get("branch")
    selector = Selector(
        consumer,
        main_branch=bool(given.get("mainBranch")),
        branch=None if name is True else name,
        any_branch=name is True,
        tag=given.get("tag"),
        latest=bool(given.get("latest")),
        environment=environment,
        deployed=bool(given.get("deployed")),
        released=bool(given.get("released")),
    )
    return [(selector, _fallback(given, selector))]


def find_faults(given: Mapping[str, Any], branch: str | None) -> Iterator[str]:
    """Yield what is wrong with one of the wire's selectors, whose fields have the right types."""
    there = {name for name, value in given.items() if value is not None}
    if not there & set(SELECTING) and given.get("latest") is not True:
        yield f"must have at least one of {', '.join(SELECTING)}, or latest: true"
    places, branches = sorted(there & set(PLACE_FIELDS)), sorted(there & set(BRANCH_FIELDS))
    if places and branches:
        yield f"cannot have {'/'.join(branches)} together with {'/'.join(places)}"
    if len(there & {"deployed", "released", "deployedOrReleased"}) > 1:
        yield "can have only one of deployed, released and deployedOrReleased"
    yield from _find_branch_faults(given, there, branch)
    yield from _find_fallback_faults(given, there)


def _find_branch_faults(given: Mapping[str, Any], there: set[str], branch: str | None) -> Iterator[str]:
    if given.get("branch") is False or given.get("branch") == "":
        yield "branch must be a name, or true for any"
    if "mainBranch" in there and there & set(BRANCH_FIELDS) - {"mainBranch", "latest"}:
        yield "cannot have mainBranch together with another branch or a tag"
    if "matchingBranch" in there and there & set(BRANCH_FIELDS) - {"matchingBranch"}:
        yield "cannot have matchingBranch together with latest, a branch or a tag"
    if "matchingBranch" in there and not branch:
        yield "matchingBranch needs the providerVersionBranch that is to be matched"
    if {"tag", "branch"} <= there:
        yield "can have a tag or a branch, not both"
    if there & {"mainBranch", "branch"} and given.get("latest") is False:
        yield "of a branch only the latest version can be selected: leave latest out"


def _find_fallback_faults(given: Mapping[str, Any], there: set[str]) -> Iterator[str]:
    if "fallbackTag" in there and ("tag" not in there or given.get("latest") is not True):
        yield "fallbackTag needs a tag and latest: true"
    if "fallbackBranch" in there and "branch" not in there:
        yield "fallbackBranch needs a branch"


def _fallback(given: Mapping[str, Any], selector: Selector) -> Selector | None:
    if given.get("fallbackTag"):
        return Selector(selector.consumer, tag=given["fallbackTag"], latest=True, fallback_for=selector)
    if given.get("fallbackBranch"):
        return Selector(selector.consumer, branch=given["fallbackBranch"], fallback_for=selector)
    return None
