"""The pages that everything begins at: integrations, and services."""

from flask import Response
from sqlalchemy.orm import Session

from tallystick_broker.api.boundary import route
from tallystick_broker.environments import list_environments
from tallystick_broker.overview.integrations import PAGE, Order, Status, Wanted, list_integrations
from tallystick_broker.overview.services import list_labels, list_services
from tallystick_broker.web import parameters
from tallystick_broker.web.rendering import page, pages

routes = pages("overview")


@route(routes, "/")
def show_integrations(session: Session) -> Response:
    """Answer the list of integrations."""
    wanted = Wanted(
        parameters.text("q"),
        parameters.choice("status", Status),
        parameters.text("environment"),
        parameters.text("label"),
        parameters.choice("sort", Order) or Order.CONSUMER,
        parameters.number("page"),
    )
    asked = {
        "q": wanted.text,
        "status": wanted.status,
        "environment": wanted.environment,
        "label": wanted.label,
        "sort": parameters.text("sort"),
    }
    return page(
        "integrations.html",
        wanted=wanted,
        asked=asked,
        listing=list_integrations(session, wanted),
        statuses=Status,
        size=PAGE,
        **_choices(session),
    )


@route(routes, "/pacticipants")
def show_services(session: Session) -> Response:
    """Answer the list of services."""
    asked = {name: parameters.text(name) for name in ("q", "environment", "label")}
    number = parameters.number("page")
    found = list_services(session, asked["q"], asked["label"], asked["environment"], number)
    return page("services.html", asked=asked, found=found, number=number, size=PAGE, **_choices(session))


def _choices(session: Session) -> dict[str, list[str]]:
    return {
        "environments": [each.name for each in list_environments(session)],
        "labels": list_labels(session),
    }
