"""Graphs of services: what is near one, in which column each stands, and where it is drawn. Pure."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from tallystick_broker.overview.integrations import Status

MOST_NODES = 150
"""Services that are drawn; those with the worst integrations come first."""

WIDTH, HEIGHT, GAP, APART = 184, 28, 8, 112
MARGIN = 12
SWEEPS = 4
SEVERITY = {each: place for place, each in enumerate(Status)}


@dataclass(frozen=True)
class Edge:
    """An integration, or as many as there are between two groups, with the worst of their states."""

    consumer: str
    provider: str
    status: Status
    count: int = 1


@dataclass(frozen=True)
class Node:
    """A service or a group, drawn with its upper left corner here."""

    name: str
    x: int
    y: int
    is_focus: bool


@dataclass(frozen=True)
class Line:
    """An integration as it is drawn: the path of its curve (SVG 2, 9.3)."""

    edge: Edge
    path: str


@dataclass(frozen=True)
class Drawing:
    """A picture of a graph; `left_out` counts what there was no room for."""

    width: int
    height: int
    nodes: tuple[Node, ...]
    lines: tuple[Line, ...]
    left_out: int


def around(edges: Iterable[Edge], service: str, depth: int) -> dict[str, int]:
    """Return the column of each service that is at most so many steps away: consumers left of it, providers right."""
    providers, consumers = defaultdict(list), defaultdict(list)
    for each in edges:
        providers[each.consumer].append(each.provider)
        consumers[each.provider].append(each.consumer)
    columns = {service: 0}
    right, left = [service], [service]
    for distance in range(1, depth + 1):
        right = _step(right, providers, columns, distance)
        left = _step(left, consumers, columns, -distance)
    return columns


def rank(edges: Iterable[Edge]) -> dict[str, int]:
    """Return the column of each service, which is right of its consumers but where services consume in a circle."""
    providers: dict[str, list[str]] = defaultdict(list)
    for each in edges:
        providers[each.consumer].append(each.provider)
        providers.setdefault(each.provider, [])
    order = _sort(providers)
    place = {name: index for index, name in enumerate(order)}
    columns = dict.fromkeys(order, 0)
    for name in order:
        for provider in providers[name]:
            if place[provider] > place[name]:
                columns[provider] = max(columns[provider], columns[name] + 1)
    return columns


def join(edges: Iterable[Edge], group_of: Callable[[str], str]) -> list[Edge]:
    """Return what there is between groups, and within each: one edge for all integrations of the same two groups."""
    found: dict[tuple[str, str], Edge] = {}
    for each in edges:
        key = group_of(each.consumer), group_of(each.provider)
        known = found.get(key)
        if known is None:
            found[key] = Edge(*key, each.status, each.count)
        else:
            worst = min(each.status, known.status, key=SEVERITY.__getitem__)
            found[key] = Edge(*key, worst, each.count + known.count)
    return list(found.values())


def draw(columns: Mapping[str, int], edges: Sequence[Edge], focus: str = "") -> Drawing:
    """Return the picture of services in their columns, so that few lines cross."""
    shown = _choose(columns, edges, focus)
    lines = [each for each in edges if each.consumer in shown and each.provider in shown]
    ordered = _order({name: columns[name] for name in shown}, lines)
    tallest = max((len(names) for names in ordered), default=0) * (HEIGHT + GAP) - GAP
    nodes = {
        name: Node(
            name,
            MARGIN + column * (WIDTH + APART),
            MARGIN + (tallest - len(names) * (HEIGHT + GAP) + GAP) // 2 + row * (HEIGHT + GAP),
            name == focus,
        )
        for column, names in enumerate(ordered)
        for row, name in enumerate(names)
    }
    # What is worst is drawn last, over the others.
    lines.sort(key=lambda each: -SEVERITY[each.status])
    drawn = tuple(Line(each, _curve(nodes[each.consumer], nodes[each.provider])) for each in lines)
    width = 2 * MARGIN + len(ordered) * (WIDTH + APART) - APART // 2  # lines within the last column need room
    left_out = len(columns) - len(shown)
    return Drawing(width, 2 * MARGIN + tallest, tuple(nodes.values()), drawn, left_out)


def _step(
    names: Iterable[str], following: Mapping[str, Iterable[str]], columns: dict[str, int], column: int
) -> list[str]:
    """Return who follows these and has no column yet; they are given this one."""
    found = dict.fromkeys(
        other for name in names for other in following.get(name, ()) if other not in columns
    )
    columns |= dict.fromkeys(found, column)
    return list(found)


def _sort(following: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the names so that each is before those that follow it, circles aside."""
    done: dict[str, None] = {}
    begun: set[str] = set()
    for start in sorted(following):
        waiting = [start]
        while waiting:
            name = waiting[-1]
            ahead = [each for each in following[name] if each not in begun] if name not in done else []
            begun.add(name)
            if ahead:
                waiting.append(ahead[0])
            else:
                done[waiting.pop()] = None
    return list(reversed(done))


def _choose(columns: Mapping[str, int], edges: Iterable[Edge], focus: str) -> Collection[str]:
    worst: dict[str, int] = {}
    for each in edges:
        for name in (each.consumer, each.provider):
            worst[name] = min(worst.get(name, len(SEVERITY)), SEVERITY[each.status])

    def importance(name: str) -> tuple[bool, int, int, str]:
        return name != focus, worst.get(name, len(SEVERITY)), abs(columns[name]), name

    return set(sorted(columns, key=importance)[:MOST_NODES])


def _order(columns: Mapping[str, int], edges: Iterable[Edge]) -> list[list[str]]:
    """Return the names of each column, from the top, each near to those that it has lines to (barycentres)."""
    ordered = [
        sorted(name for name in columns if columns[name] == column)
        for column in sorted(set(columns.values()))
    ]
    near: dict[str, list[str]] = defaultdict(list)
    for each in edges:
        near[each.consumer].append(each.provider)
        near[each.provider].append(each.consumer)
    height = {name: row - len(names) / 2 for names in ordered for row, name in enumerate(names)}
    for sweep in range(SWEEPS):
        for names in ordered if sweep % 2 else reversed(ordered):
            names.sort(key=lambda name: fmean([height[each] for each in near[name]] or [height[name]]))
            height |= {name: row - len(names) / 2 for row, name in enumerate(names)}
    return ordered


def _curve(consumer: Node, provider: Node) -> str:
    """Return the path from the right side of the consumer to the left of the provider; within a column beside it."""
    start, end = consumer.x + WIDTH, provider.x
    top, bottom = (node.y + HEIGHT // 2 for node in (consumer, provider))
    bend = APART // 2
    if consumer.x == provider.x:
        end, pull = start, start + bend
        if consumer == provider:
            top, bottom = top - 6, bottom + 6
        return f"M{start} {top}C{pull} {top} {pull} {bottom} {end} {bottom}"
    if end > start:
        bend = max(bend, (end - start) // 2)
    return f"M{start} {top}C{start + bend} {top} {end - bend} {bottom} {end} {bottom}"
