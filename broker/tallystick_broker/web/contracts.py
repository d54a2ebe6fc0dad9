"""The pages of a contract: to read, what has changed in it, and its history."""

import json
from collections.abc import Callable
from typing import Any

from flask import Response
from sqlalchemy.orm import Session

from tallystick_broker import contracts, publications
from tallystick_broker.api.boundary import View, route
from tallystick_broker.errors import Invalid
from tallystick_broker.models import Content
from tallystick_broker.overview.choices import offer, read_choice
from tallystick_broker.overview.history import read_history
from tallystick_broker.overview.marks import find_marks
from tallystick_broker.overview.reader import MOST_PUBLISHERS, PAGE, read_contract
from tallystick_broker.publications import Found, Place
from tallystick_broker.web import parameters
from tallystick_broker.web.rendering import page, pages
from tallystick_contracts.changes import find_changes
from tallystick_contracts.documents import read
from tallystick_contracts.interactions import ContractError

routes = pages("contracts")
PAIR = "/pacts/provider/<name:provider>/consumer/<name:consumer>"
MOST_CHANGED = 100
"""Interactions that changed, and changes of one, that are shown."""

MOST_RAW = 200_000
"""Characters of a document that are shown."""


def at(*rules: str) -> Callable[[View], View]:
    """Return a decorator that serves a view at several places of a pair."""

    def decorate(view: View) -> View:
        for rule in rules:
            route(routes, PAIR + rule)(view)
        return view

    return decorate


@at("/latest", "/latest/<name:tag>", "/branch/<name:branch>/latest")
def show_newest(
    session: Session, provider: str, consumer: str, tag: str | None = None, branch: str | None = None
) -> Response:
    """Answer the newest contract of the pair, with a tag or on a branch if one is named."""
    pair = contracts.get_pair(session, provider, consumer)
    return _show(session, publications.get_newest(session, pair, Place(tag=tag, branch=branch)))


@at("/latest-untagged")
def show_newest_untagged(session: Session, provider: str, consumer: str) -> Response:
    """Answer the newest contract of a version without a tag."""
    pair = contracts.get_pair(session, provider, consumer)
    return _show(session, publications.get_newest(session, pair, Place(untagged=True)))


@at("/version/<name:number>", "/versions/<name:number>")
def show_of_version(session: Session, provider: str, consumer: str, number: str) -> Response:
    """Answer the contract of a consumer version."""
    pair = contracts.get_pair(session, provider, consumer)
    return _show(session, publications.get_publication(session, pair, number))


@at("/pact-version/<name:sha>", "/pact-version/<name:sha>/metadata/<name:metadata>")
def show_content(
    session: Session,
    provider: str,
    consumer: str,
    sha: str,
    metadata: str = "",  # noqa: ARG001 (it says what the link came from)
) -> Response:
    """Answer the content with this fingerprint."""
    pair = contracts.get_pair(session, provider, consumer)
    content = contracts.get_content(session, pair, sha)
    return _show(session, publications.get_publication_of(session, pair, content))


@at("/versions")
def show_history(session: Session, provider: str, consumer: str) -> Response:
    """Answer which consumer version had which content."""
    asked = {name: parameters.text(name) for name in ("before", "of")}
    pair = contracts.get_pair(session, provider, consumer)
    found = read_history(session, pair, asked["before"], read_choice(asked["of"], "of"))
    return page("history.html", pair=pair, found=found, asked=asked, offered=offer(session, pair.consumer))


@at("/version/<name:number>/diff/previous-distinct")
def compare_with_previous(session: Session, provider: str, consumer: str, number: str) -> Response:
    """Answer what changed since the newest version before this one that had another contract."""
    pair = contracts.get_pair(session, provider, consumer)
    later = publications.get_publication(session, pair, number)
    return _compare(session, publications.find_previous_distinct(session, pair, later.publication), later)


@at("/version/<name:number>/diff/version/<name:other>", "/diff")
def compare_versions(
    session: Session, provider: str, consumer: str, number: str = "", other: str = ""
) -> Response:
    """Answer what changed from one version's contract to another's."""
    asked = {"from": other or parameters.text("from"), "to": number or parameters.text("to")}
    if not all(asked.values()):
        raise Invalid({name: ["must be the number of a version"] for name, each in asked.items() if not each})
    pair = contracts.get_pair(session, provider, consumer)
    earlier, later = (publications.get_publication(session, pair, each) for each in asked.values())
    return _compare(session, earlier, later)


@at("/pact-version/<name:sha>/diff/pact-version/<name:other>")
def compare_contents(session: Session, provider: str, consumer: str, sha: str, other: str) -> Response:
    """Answer what changed from the content with the other fingerprint to this one."""
    pair = contracts.get_pair(session, provider, consumer)
    earlier, later = (
        publications.get_publication_of(session, pair, contracts.get_content(session, pair, each))
        for each in (other, sha)
    )
    return _compare(session, earlier, later)


def _show(session: Session, found: Found) -> Response:
    publication = found.publication
    content = session.get_one(Content, publication.content_id)
    asked = {name: parameters.text(name) for name in ("q", "view")}
    number = parameters.number("page")
    contract = read_contract(session, content, asked["q"], number)
    raw = json.dumps(contract.document, indent=2, ensure_ascii=False) if asked["view"] == "raw" else ""
    return page(
        "contract.html",
        found=found,
        content=content,
        contract=contract,
        marks=find_marks(session, [publication.consumer_version_id])[publication.consumer_version_id],
        previous=publications.find_previous_distinct(session, found.pair, publication),
        asked=asked,
        number=number,
        size=PAGE,
        most_publishers=MOST_PUBLISHERS,
        raw=raw[:MOST_RAW],
        is_cut=len(raw) > MOST_RAW,
    )


def _compare(session: Session, earlier: Found | None, later: Found) -> Response:
    changes, fault = None, ""
    if earlier is not None:
        try:
            changes = find_changes(*(_document(session, each) for each in (earlier, later)))
        except (ContractError, AttributeError) as error:
            fault = str(error)
    return page(
        "changes.html",
        earlier=earlier,
        later=later,
        changes=changes,
        fault=fault,
        most=MOST_CHANGED,
        size=PAGE,
    )


def _document(session: Session, found: Found) -> Any:
    return read(session.get_one(Content, found.publication.content_id).document)
