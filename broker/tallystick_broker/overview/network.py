"""The network: who consumes whom, and how each integration stands; around a service, of a label, or of the estate."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from tallystick_broker.models import Label, Participant
from tallystick_broker.overview.graphs import SEVERITY, Drawing, Edge, around, draw, join, rank
from tallystick_broker.overview.integrations import Status, select_standings

BLOCKING = {Status.FAILED, Status.STALE, Status.NEVER}
MOST_SERVICES = 60
"""Services that are drawn one by one when none is chosen; of more their groups are, unless most are in one group."""

DEEPEST = 3
PREFIX = re.compile(r"[\W_]")


@dataclass(frozen=True)
class Estate:
    """Every service with its labels, and every integration."""

    labels: Mapping[str, tuple[str, ...]]
    edges: tuple[Edge, ...]

    def group_of(self, service: str) -> str:
        """Return the first label of the service; without one what its name begins with stands for it."""
        labels = self.labels.get(service, ())
        return labels[0] if labels else f"{PREFIX.split(service, maxsplit=1)[0] or service}…"


@dataclass(frozen=True)
class Network:
    """What is shown: a drawing, and the integrations that it is of.

    The worst integrations come first. `groups` says that the drawing is of groups, with how many services each has.
    """

    drawing: Drawing
    edges: tuple[Edge, ...]
    groups: Mapping[str, int]


def read_estate(session: Session) -> Estate:
    """Return the estate. Two statements, whose cost follows the number of integrations."""
    labels: dict[str, tuple[str, ...]] = {}
    wanted = select(Participant.name, Label.name).outerjoin(Label, Label.participant_id == Participant.id)
    for name, label in session.execute(wanted.order_by(Participant.name, Label.name)):
        labels[name] = (*labels.get(name, ()), *([label] if label else []))
    rows = session.execute(select_standings().order_by("consumer", "provider"))
    return Estate(labels, tuple(Edge(row.consumer, row.provider, Status(row.status)) for row in rows))


def find_services(estate: Estate, text: str) -> list[str]:
    """Return the services that have the text in their name; one that it names exactly is the only one."""
    if text in estate.labels:
        return [text]
    return [name for name in estate.labels if text.lower() in name.lower()]


def show_around(estate: Estate, service: str, depth: int, *, blocking: bool = False) -> Network:
    """Return the network of a service: those who depend on it and those it depends on, so many steps away."""
    edges = _wanted(estate.edges, blocking=blocking)
    columns = around(edges, service, depth)
    shown = _between(edges, columns.__contains__)
    return Network(draw(columns, shown, focus=service), shown, {})


def show_estate(estate: Estate, label: str = "", *, blocking: bool = False) -> Network:
    """Return the network of all services, or of those with the label and their neighbours."""
    shown = _wanted(estate.edges, blocking=blocking)
    if label:
        own = {name for name, labels in estate.labels.items() if label in labels}
        shown = tuple(each for each in shown if each.consumer in own or each.provider in own)
    services = {name for each in shown for name in (each.consumer, each.provider)}
    groups = Counter(estate.group_of(service) for service in services)
    if label or len(services) <= MOST_SERVICES or max(groups.values()) > len(services) / 2:
        return Network(draw(rank(shown), shown), shown, {})
    between = join(shown, estate.group_of)
    return Network(draw(rank(between), between), shown, groups)


def _wanted(edges: Iterable[Edge], *, blocking: bool) -> tuple[Edge, ...]:
    wanted = (each for each in edges if not blocking or each.status in BLOCKING)
    return tuple(sorted(wanted, key=lambda each: SEVERITY[each.status]))


def _between(edges: Iterable[Edge], has: Callable[[str], bool]) -> tuple[Edge, ...]:
    return tuple(each for each in edges if has(each.consumer) and has(each.provider))
