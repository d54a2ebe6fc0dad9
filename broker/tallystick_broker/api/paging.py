"""Lists in pages: what a client asks for, one page fetched, and how the answer tells which one it is."""

import math
import re
from dataclasses import dataclass
from typing import Generic, TypeVar, TypeVarTuple

from flask import request
from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from tallystick_broker.api.hal import Json, link
from tallystick_broker.api.operations import Query
from tallystick_broker.errors import Invalid

NUMBER, SIZE = ("page", "pageNumber"), ("size", "pageSize")
"""The parameters of a page, each with its former name."""

PAGES = tuple(
    Query(name, meaning, {"type": "integer", "minimum": 1, "maximum": 999_999_999})
    for names, meaning in ((NUMBER, "the number of the page"), (SIZE, "how many items a page has"))
    for name in names
)
DEFAULT_SIZE = 100
MOST_LISTED = 1000
COUNT = re.compile(r"0*[1-9][0-9]{0,8}", re.ASCII)
"""A number that is positive, and small enough for a database to multiply with another one."""

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


@dataclass(frozen=True)
class Asked:
    """The page that a client asks for."""

    number: int
    size: int


@dataclass(frozen=True)
class Page(Generic[T]):
    """The items of a page, or of the whole list when no page was asked for."""

    items: list[T]
    total: int
    asked: Asked | None = None

    def members(self) -> Json:
        """Return the members that say which page it is; none for a whole list."""
        if self.asked is None:
            return {}
        page = {"number": self.asked.number, "size": self.asked.size}
        return {"page": page | {"totalElements": self.total, "totalPages": self._count(self.asked.size)}}

    def links(self, address: str) -> Json:
        """Return the links to the pages before and after this one of the list at the address.

        Like the Pact Broker's they are without what the query has beside them.
        """
        if self.asked is None:
            return {}
        number, size = self.asked.number, self.asked.size
        neighbours = {"previous": number - 1, "next": number + 1 if number < self._count(size) else 0}
        return {
            relation: link(f"{address}?size={size}&page={neighbour}")
            for relation, neighbour in neighbours.items()
            if neighbour
        }

    def _count(self, size: int) -> int:
        return max(1, math.ceil(self.total / size))


def asked_page(default_size: int | None = None) -> Asked | None:
    """Return the page that the query asks for with `page` and `size`, or `pageNumber` and `pageSize`.

    Without any of them it is the first page of the default size, or None when there is no such size. Raises
    Invalid for what is no positive whole number.
    """
    given = {name: request.args[name] for name in (*NUMBER, *SIZE) if name in request.args}
    wrong = [name for name, text in given.items() if not COUNT.fullmatch(text)]
    if wrong:
        raise Invalid({name: ["must be a whole number from 1 to 999999999"] for name in wrong})
    number, size = (
        next((int(given[name]) for name in names if name in given), None) for names in (NUMBER, SIZE)
    )
    if number or size or default_size:
        return Asked(number or 1, size or default_size or DEFAULT_SIZE)
    return None


def fetch_page(
    session: Session, wanted: Select[T], asked: Asked | None, most: int | None = MOST_LISTED
) -> Page[T]:
    """Return the page of what is selected; all of it when no page is asked for.

    A list that grows with every build has at most so many items in a page, and the first page stands for one that
    is longer. One that is as long as there are applications has no such limit (None), since clients need it whole.
    """
    page = fetch_rows(session, wanted, asked, most)
    return Page([item for (item,) in page.items], page.total, page.asked)


def fetch_rows(
    session: Session, wanted: Select[*Ts], asked: Asked | None, most: int | None = MOST_LISTED
) -> Page[Row[*Ts]]:
    """Return the page of the rows that are selected, as `fetch_page` does."""
    if asked is None:
        items = list(session.execute(wanted if most is None else wanted.limit(most + 1)))
        if most is None or len(items) <= most:
            return Page(items, len(items))
        asked = Asked(1, most)
    size = asked.size if most is None else min(asked.size, most)
    total = session.scalar(select(func.count()).select_from(wanted.order_by(None).subquery())) or 0
    cut = wanted.limit(size).offset((asked.number - 1) * size)
    return Page(list(session.execute(cut)), total, Asked(asked.number, size))
