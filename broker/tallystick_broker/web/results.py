"""The page of a verification result."""

import re

from flask import Response
from sqlalchemy.orm import Session

from tallystick_broker import contracts, publications, verifications
from tallystick_broker.api.boundary import route
from tallystick_broker.errors import NotFound
from tallystick_broker.overview.results import read_report
from tallystick_broker.web import parameters
from tallystick_broker.web.contracts import PAIR
from tallystick_broker.web.rendering import page, pages

routes = pages("results")
NUMBER = re.compile("[0-9]{1,18}")
CONTENT = f"{PAIR}/pact-version/<name:sha>"
PAGE = 100


@route(routes, f"{CONTENT}/verification-results/<name:number>")
@route(routes, f"{CONTENT}/metadata/<name:metadata>/verification-results/<name:number>")
def show_result(
    session: Session,
    provider: str,
    consumer: str,
    sha: str,
    number: str,
    metadata: str = "",  # noqa: ARG001 (it says what the link came from)
) -> Response:
    """Answer a result of a content; `latest` is its newest."""
    pair = contracts.get_pair(session, provider, consumer)
    content = contracts.get_content(session, pair, sha)
    result = verifications.find_latest_result(session, content) if number == "latest" else None
    if result is None:
        if not NUMBER.fullmatch(number):
            raise NotFound(f"A verification result is named by its number, or latest, not '{number}'")
        result = verifications.get_result(session, content, int(number))
    found = publications.find_publication_of(session, pair, content)
    return page(
        "result.html",
        pair=pair,
        content=content,
        publisher=found and found.number,
        report=read_report(session, content, result),
        number=parameters.number("page"),
        size=PAGE,
    )
