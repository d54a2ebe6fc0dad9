"""The living style page: every part that pages are built of, as they are built of it."""

import re
from datetime import timedelta

from flask import Response
from sqlalchemy.orm import Session

from tallystick_broker.api.boundary import route
from tallystick_broker.models import now
from tallystick_broker.overview.integrations import Seen, Status
from tallystick_broker.overview.marks import Marks, OnBranch, Place
from tallystick_broker.web.links import STATIC
from tallystick_broker.web.rendering import page, pages

routes = pages("style")
COMMIT = "9fceb02d0ae598e95dc970b74767f19372d61af8"


@route(routes, "/docs/style")
def show_style(_: Session) -> Response:
    """Answer the style page; its colours are read from the style sheet itself."""
    tokens = (STATIC / "tokens.css").read_text(encoding="utf-8").partition("@media")[0]
    head, member = OnBranch("main", head=True), OnBranch("feat/refunds", head=False)
    places = Place("production", production=True), Place("staging", production=False)
    return page(
        "style.html",
        colours=re.findall(r"--([\w-]+): #", tokens),
        sizes=re.findall(r"--(text[\w-]*):", tokens),
        spaces=re.findall(r"--(space-\d+):", tokens),
        statuses=Status,
        marks=Marks((head, member), ("rc",), places),
        seen=Seen(COMMIT, (head,), now() - timedelta(hours=3)),
    )
