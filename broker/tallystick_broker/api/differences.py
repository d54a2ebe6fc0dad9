"""Differences between pacts, and the pact before that was another."""

from typing import Any

from flask import Blueprint, Response
from sqlalchemy.orm import Session

from tallystick_broker import contracts, publications
from tallystick_broker.api import pact
from tallystick_broker.api.boundary import route
from tallystick_broker.api.contracts import PAIR
from tallystick_broker.api.hal import moment
from tallystick_broker.api.operations import shown, shown_as
from tallystick_broker.api.pact import PACT
from tallystick_broker.errors import NotFound
from tallystick_broker.models import Content
from tallystick_broker.publications import Found
from tallystick_contracts.comparison import compare
from tallystick_contracts.documents import read

routes = Blueprint("differences", __name__)
VERSION = f"{PAIR}/version/<name:number>"
DIFFERENCE = shown_as("text/plain")


@route(routes, f"{VERSION}/previous-distinct", answers=shown(PACT))
def show_previous(session: Session, provider: str, consumer: str, number: str) -> Response:
    """Answer the pact of the newest version before this one whose content is another."""
    pair = contracts.get_pair(session, provider, consumer)
    later = publications.get_publication(session, pair, number).publication
    found = publications.find_previous_distinct(session, pair, later)
    if found is None:
        raise NotFound(f"No version of {consumer} before {number} has another pact with {provider}")
    return pact.show(session, found)


@route(routes, f"{VERSION}/diff/previous-distinct", answers=DIFFERENCE)
def compare_with_previous(session: Session, provider: str, consumer: str, number: str) -> Response:
    """Answer how the pact differs from the previous one that was another."""
    pair = contracts.get_pair(session, provider, consumer)
    later = publications.get_publication(session, pair, number)
    earlier = publications.find_previous_distinct(session, pair, later.publication)
    if earlier is None:
        return _text(
            f"{pact.name_of(later)} is the first with its content: there is nothing to compare it with.\n"
        )
    return _compare(session, earlier, later)


@route(routes, f"{VERSION}/diff/version/<name:other>", answers=DIFFERENCE)
def compare_with_version(session: Session, provider: str, consumer: str, number: str, other: str) -> Response:
    """Answer how the pact differs from that of another version."""
    pair = contracts.get_pair(session, provider, consumer)
    earlier, later = (publications.get_publication(session, pair, each) for each in (other, number))
    return _compare(session, earlier, later)


@route(routes, f"{PAIR}/pact-version/<name:sha>/diff/pact-version/<name:other>", answers=DIFFERENCE)
def compare_contents(session: Session, provider: str, consumer: str, sha: str, other: str) -> Response:
    """Answer how the content with one fingerprint differs from that with another."""
    pair = contracts.get_pair(session, provider, consumer)
    later, earlier = (
        publications.get_publication_of(session, pair, contracts.get_content(session, pair, each))
        for each in (sha, other)
    )
    return _compare(session, earlier, later)


def _compare(session: Session, earlier: Found, later: Found) -> Response:
    old, new = (_document(session, found) for found in (earlier, later))
    difference = compare(old, new, before=_title(earlier), after=_title(later))
    links = "".join(f"{pact.address_of(found)}\n" for found in (earlier, later))
    return _text(f"{difference or 'The contents are the same.'}\n\n{links}")


def _document(session: Session, found: Found) -> Any:
    return read(session.get_one(Content, found.publication.content_id).document)


def _title(found: Found) -> str:
    return f"{pact.name_of(found)}, {moment(found.publication.created_at)}"


def _text(text: str) -> Response:
    return Response(text, content_type="text/plain;charset=utf-8")
