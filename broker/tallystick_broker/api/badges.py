"""Badges: what a README shows of a contract, or of whether a version can go somewhere."""

import logging
import re
import secrets
from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from flask import Blueprint, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from tallystick_broker.api.badge_images import GREEN, GREY, ORANGE, RED, SVG, badge
from tallystick_broker.api.boundary import View, route
from tallystick_broker.api.operations import Query, shown_as
from tallystick_broker.contracts import get_pair
from tallystick_broker.errors import NotFound
from tallystick_broker.gate.live import ask
from tallystick_broker.gate.question import Question, Selector, Target
from tallystick_broker.models import BranchHead, Environment, Tag
from tallystick_broker.overview.badges import Standing, find_main_version, find_standing
from tallystick_broker.participants import get_participant
from tallystick_broker.publications import ANYWHERE, Place
from tallystick_broker.versions import get_branch

T = TypeVar("T")
routes = Blueprint("badges", __name__)
logger = logging.getLogger(__name__)
PAIR = "/pacts/provider/<name:provider>/consumer/<name:consumer>"
PARTICIPANT = "/pacticipants/<name:name>"
COLOURS = {
    Standing.VERIFIED: GREEN,
    Standing.CHANGED: ORANGE,
    Standing.FAILED: RED,
    Standing.FAILED_PENDING: RED,
    Standing.UNKNOWN: GREY,
}
BADGE = shown_as(SVG)
SIDE = Query("label", "name only this side: consumer or provider")
INITIALS = Query("initials", "true: write names of several words as their initials")
LABEL = Query("label", "what the badge is called")
ABOUT_PAIR = (SIDE, INITIALS)
MERGES = {True: ("success", GREEN), False: ("failed", RED), None: ("unknown", GREY)}


class Missing(Exception):  # noqa: N818 (it is told on a badge, not as an error)
    """What a badge is about does not exist; the message says what it is."""


def always_a_badge(view: View) -> View:
    """Return the view with a badge instead of any error: a README can show nothing else."""

    @wraps(view)
    def show(session: Session, **arguments: str) -> Response:
        try:
            return view(session, **arguments)
        except Missing as missing:
            return badge(str(missing), "not found", GREY)
        except Exception:
            reference = secrets.token_urlsafe(8)
            logger.exception("No badge could be drawn, reference %s", reference)
            return badge("error", f"reference: {reference}", GREY)

    return show


@route(routes, f"{PAIR}/latest/badge", answers=BADGE, query=ABOUT_PAIR)
@always_a_badge
def show_newest(session: Session, provider: str, consumer: str) -> Response:
    """Answer how the pair's newest contract stands."""
    return _show_contract(session, provider, consumer, ANYWHERE)


@route(routes, f"{PAIR}/latest/<name:tag>/badge", answers=BADGE, query=ABOUT_PAIR)
@always_a_badge
def show_newest_tagged(session: Session, provider: str, consumer: str, tag: str) -> Response:
    """Answer how the pair's newest contract with the tag stands."""
    return _show_contract(session, provider, consumer, Place(tag=tag))


@route(routes, f"{PAIR}/latest-untagged/badge", answers=BADGE, query=ABOUT_PAIR)
@always_a_badge
def show_newest_untagged(session: Session, provider: str, consumer: str) -> Response:
    """Answer how the pair's newest contract of a version without a tag stands."""
    return _show_contract(session, provider, consumer, Place(untagged=True))


@route(
    routes,
    "/matrix/provider/<name:provider>/latest/<name:provider_tag>/consumer/<name:consumer>/latest/<name:tag>/badge",
    answers=BADGE,
    query=ABOUT_PAIR,
)
@always_a_badge
def show_tags(session: Session, provider: str, provider_tag: str, consumer: str, tag: str) -> Response:
    """Answer how the newest contract with the tag stands with provider versions that have the other tag."""
    return _show_contract(session, provider, consumer, Place(tag=tag), provider_tag)


@route(
    routes,
    f"{PARTICIPANT}/branches/<name:branch>/latest-version/can-i-deploy/to-environment/<name:environment>/badge",
    answers=BADGE,
    query=(LABEL,),
)
@always_a_badge
def show_branch(session: Session, name: str, branch: str, environment: str) -> Response:
    """Answer whether the head of the branch can be deployed to the environment."""
    participant = _find("pacticipant", lambda: get_participant(session, name))
    found = _find("branch", lambda: get_branch(session, participant, branch))
    if session.get(BranchHead, found.id) is None:
        raise Missing("version")
    if session.scalar(select(Environment.id).filter_by(name=environment)) is None:
        raise Missing("environment")
    question = Question((Selector(name, branch=branch, latest=True),), Target(environment=environment))
    return _show_deployable(session, question, f"{branch} to {environment}")


@route(
    routes,
    f"{PARTICIPANT}/latest-version/<name:tag>/can-i-deploy/to/<name:target>/badge",
    answers=BADGE,
    query=(LABEL,),
)
@always_a_badge
def show_tag(session: Session, name: str, tag: str, target: str) -> Response:
    """Answer whether the newest version with a tag goes with the newest versions of another tag."""
    participant = _find("pacticipant", lambda: get_participant(session, name))
    tagged = select(Tag.version_id).filter_by(participant_id=participant.id, name=tag)
    if session.scalar(tagged.limit(1)) is None:
        raise Missing("version")
    selector = Selector(name, tag=tag, latest=True)
    question = Question((selector,), Target(target, latest=True), latestby="cvp")
    return _show_deployable(session, question, f"{tag} to {target}")


@route(routes, f"{PARTICIPANT}/main-branch/can-i-merge/badge", answers=BADGE, query=(LABEL,))
@always_a_badge
def show_main_branch(session: Session, name: str) -> Response:
    """Answer whether what the main branch stands at goes with the main branches of all others."""
    participant = _find("pacticipant", lambda: get_participant(session, name))
    number = find_main_version(session, participant)
    if number is None:
        raise Missing("main branch version")
    question = Question(
        (Selector(name, version=number),), Target(main_branch=True, latest=True), latestby="cvp"
    )
    return badge(_label("can-i-merge"), *MERGES[ask(session, question).deployable])


def _show_deployable(session: Session, question: Question, message: str) -> Response:
    colour = GREEN if ask(session, question).deployable else RED
    return badge(_label("can-i-deploy"), message, colour)


def _show_contract(
    session: Session, provider: str, consumer: str, place: Place, provider_tag: str | None = None
) -> Response:
    try:
        standing = find_standing(session, get_pair(session, provider, consumer), place, provider_tag)
    except NotFound:
        standing = None
    if standing is None:
        return badge("pact not found", "unknown", GREY)
    tags = {"consumer": place.tag, "provider": provider_tag} if provider_tag else {}
    names = {
        role: f"{_shorten(name)} ({tags[role]})" if tags.get(role) else _shorten(name)
        for role, name in {"consumer": consumer, "provider": provider}.items()
    }
    label = names.get((SIDE.get() or "").lower(), "/".join(names.values()))
    return badge(f"{label} pact".lower(), standing.value, COLOURS[standing])


def _shorten(name: str) -> str:
    """Return the name, or its initials when they are asked for and it has several words.

    Words have something between them; only where nothing has, they begin with a capital (a rule of the Pact Broker).
    """
    words = [word for word in re.split(r"[\s_-]+", name) if word]
    if len(words) == 1:
        words = re.split(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", name)
    wants_initials = INITIALS.get() == "true" and len(words) > 1
    return "".join(word[0] for word in words) if wants_initials else name


def _label(usual: str) -> str:
    return (LABEL.get() or "").strip() or usual


def _find(what: str, find: Callable[[], T]) -> T:
    try:
        return find()
    except NotFound:
        raise Missing(what) from None
