"""Who consumes whom, as rows for a spreadsheet or a diagram."""

import csv
import io
from collections.abc import Iterable

from flask import Blueprint, Response
from sqlalchemy.orm import Session

from tallystick_broker.api.boundary import route
from tallystick_broker.api.operations import Query, shown_as
from tallystick_broker.errors import Invalid
from tallystick_broker.integrations import select_integrations
from tallystick_broker.overview.groups import Pair, connected
from tallystick_broker.participants import get_participant

routes = Blueprint("relationships", __name__)
CSV = shown_as("text/csv")
SIZE = Query("maxPacticipants", "the size of the group", {"type": "integer", "minimum": 1})
MOST = 150
"""Participants in a group, as many as a diagram can show (the Pact Broker's default)."""


@route(routes, "/relationships", answers=CSV)
def show_all(session: Session) -> Response:
    """Answer every consumer with each of its providers."""
    return _write(sorted(_pairs(session)))


@route(routes, "/groups/<name:name>", answers=CSV, query=(SIZE,))
def show_group(session: Session, name: str) -> Response:
    """Answer the pairs that the participant is connected with; `maxPacticipants` bounds the group."""
    get_participant(session, name)
    text = SIZE.get() or str(MOST)
    if not text.isascii() or not text.isdecimal() or not int(text[:9]) >= 1:
        raise Invalid({"maxPacticipants": ["must be a whole number from 1"]})
    return _write(connected(_pairs(session), name, int(text[:9])))


def _pairs(session: Session) -> list[Pair]:
    return [(consumer, provider) for consumer, provider in session.execute(select_integrations())]


def _write(pairs: Iterable[Pair]) -> Response:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([("consumer", "provider"), *pairs])
    return Response(text.getvalue(), content_type="text/csv;charset=utf-8")
