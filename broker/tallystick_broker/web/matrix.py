"""The pages of what fits with what: the matrix of a pair, and a version against all its neighbours."""

from flask import Response, request
from sqlalchemy.orm import Session

from tallystick_broker.api.boundary import route
from tallystick_broker.contracts import get_pair
from tallystick_broker.models import Integration
from tallystick_broker.overview.axes import WINDOW
from tallystick_broker.overview.cells import look_at
from tallystick_broker.overview.choices import offer, read_choice
from tallystick_broker.overview.grid import View, draw_grid
from tallystick_broker.overview.marks import find_marks
from tallystick_broker.overview.meetings import find_meetings
from tallystick_broker.overview.neighbours import find_neighbours
from tallystick_broker.overview.picks import pick_version
from tallystick_broker.participants import get_participant
from tallystick_broker.web import parameters
from tallystick_broker.web.links import path
from tallystick_broker.web.rendering import lead, page, pages

routes = pages("matrix")
CELL = ("contract", "verifier")
PARAMETERS = ("consumer", "provider", "consumer_before", "provider_before", "view", *CELL)


@route(routes, "/matrix/provider/<name:provider>/consumer/<name:consumer>")
def show_matrix(session: Session, provider: str, consumer: str) -> Response:
    """Answer the matrix of one pair, with what is known of the cell that is asked for."""
    asked = {name: parameters.text(name) for name in PARAMETERS}
    view = View(
        read_choice(asked["consumer"], "consumer"),
        read_choice(asked["provider"], "provider"),
        asked["consumer_before"],
        asked["provider_before"],
    )
    pair = get_pair(session, provider, consumer)
    look = look_at(session, pair, asked["contract"], asked["verifier"]) if all(map(asked.get, CELL)) else None
    return page(
        "matrix.html",
        grid=draw_grid(session, pair, view),
        meetings=find_meetings(session, pair),
        asked=asked,
        offers={"consumer": offer(session, pair.consumer), "provider": offer(session, pair.provider)},
        look=look,
        size=WINDOW,
    )


@route(routes, "/pacticipants/<name:name>/matrix")
def show_neighbours(session: Session, name: str) -> Response:
    """Answer how a version of a service stands with everything that it works with."""
    asked = {each: parameters.text(each) for each in ("version", "of", "page")}
    number = parameters.number("page")
    participant = get_participant(session, name)
    version = pick_version(session, participant, asked["version"], read_choice(asked["of"], "of"))
    return page(
        "neighbours.html",
        participant=participant,
        asked=asked,
        number=number,
        found=find_neighbours(session, version, number),
        marks=find_marks(session, [version.id])[version.id],
        offered=offer(session, participant),
    )


@route(routes, "/matrix")
def lead_on(session: Session) -> Response:
    """Lead to the matrix of the first two participants in an API's question, or to that of the only one."""
    names = request.args.getlist("q[][pacticipant]")
    found = [get_participant(session, name) for name in dict.fromkeys(names)][:2]
    for consumer, provider in (found, found[::-1]) if len(found) == 2 else ():
        if session.get(Integration, (consumer.id, provider.id)) is not None:
            return lead(path("matrix", "provider", provider.name, "consumer", consumer.name))
    return lead(path("pacticipants", found[0].name, "matrix") if found else path(""))
