"""Labels, by which pacticipants are grouped."""

from flask import Blueprint, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from tallystick_broker import participants
from tallystick_broker.api.bodies import check_name, json_body
from tallystick_broker.api.boundary import route
from tallystick_broker.api.hal import Json, gone, link, put, reply, stamps, url
from tallystick_broker.api.operations import GONE, Takes, shown, written
from tallystick_broker.api.paging import PAGES, asked_page, fetch_page
from tallystick_broker.api.shapes import MOMENT, STAMPS, TEXT, component, fields, links_to, listing, resource
from tallystick_broker.models import Label

routes = Blueprint("labels", __name__)
OF_PARTICIPANT = "/pacticipants/<name:name>/labels/<name:label>"
LABEL = component(
    "Label",
    resource(STAMPS | {"name": TEXT}, links_to("self", "pacticipant"), optional={"updatedAt": MOMENT}),
)
LIST = listing("labels", fields({"name": TEXT}), links_to("self", optional=["previous", "next"]))


@route(routes, "/labels", answers=shown(LIST), query=PAGES)
def show_all(session: Session) -> Response:
    """Answer the labels that pacticipants have, each once."""
    page = fetch_page(session, select(Label.name).distinct().order_by(Label.name), asked_page(), None)
    links = {"self": link(url("labels"))} | page.links(url("labels"))
    embedded = {"labels": [{"name": name} for name in page.items]}
    return reply({"_embedded": embedded, "_links": links} | page.members())


@route(routes, OF_PARTICIPANT, "PUT", takes=Takes({"type": "object"}, optional=True), answers=written(LABEL))
def add(session: Session, name: str, label: str) -> Response:
    """Label the pacticipant, made when it is new."""
    json_body()
    check_name(name, "name")
    found, new = participants.add_label(session, name, check_name(label, "label"))
    return put(_represent(name, found), _address(name, label), new=new)


@route(routes, OF_PARTICIPANT, answers=shown(LABEL))
def show(session: Session, name: str, label: str) -> Response:
    """Answer the label."""
    return reply(_represent(name, participants.get_label(session, name, label)))


@route(routes, OF_PARTICIPANT, "DELETE", answers=GONE)
def remove(session: Session, name: str, label: str) -> Response:
    """Take the label off the pacticipant."""
    session.delete(participants.get_label(session, name, label))
    session.flush()
    return gone()


def _represent(name: str, label: Label) -> Json:
    links = {
        "self": link(_address(name, label.name), title="Label", name=label.name),
        "pacticipant": link(url("pacticipants", name), title="Pacticipant", name=name),
    }
    return {"name": label.name} | stamps(label.created_at) | {"_links": links}


def _address(name: str, label: str) -> str:
    return url("pacticipants", name, "labels", label)
