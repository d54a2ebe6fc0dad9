"""The network in the languages of other programs that draw graphs."""

import re
from collections.abc import Iterable, Iterator

from tallystick_broker.overview.graphs import Edge
from tallystick_broker.overview.integrations import Status

COLOURS = {
    Status.VERIFIED: "#1a6b41",
    Status.FAILED: "#a8231b",
    Status.STALE: "#7f5200",
    Status.PENDING: "#5a4a9c",
    Status.NEVER: "#655d50",
    Status.NONE: "#655d50",
}
SPECIAL = re.compile(r"[^\w .-]")


def as_dot(edges: Iterable[Edge]) -> str:
    """Return the graph in the DOT language (graphviz.org/doc/info/lang.html)."""

    def quote(name: str) -> str:
        text = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{text}"'

    lines = (
        f"  {quote(each.consumer)} -> {quote(each.provider)} "
        f'[color="{COLOURS[each.status]}", tooltip="{each.status}"];'
        for each in edges
    )
    return "\n".join(["digraph network {", "  rankdir=LR;", "  node [shape=box];", *lines, "}", ""])


def as_mermaid(edges: Iterable[Edge]) -> str:
    """Return the graph as a flowchart of Mermaid, in which special characters are written as numbers."""
    listed = list(edges)
    names = dict.fromkeys(name for each in listed for name in (each.consumer, each.provider))
    keys = {name: f"n{number}" for number, name in enumerate(names)}
    nodes = (f'  {key}["{SPECIAL.sub(_number, name)}"]' for name, key in keys.items())
    arrows = (f"  {keys[each.consumer]} -->|{each.status}| {keys[each.provider]}" for each in listed)
    return "\n".join(["flowchart LR", *nodes, *arrows, *_styles(listed), ""])


def _styles(edges: Iterable[Edge]) -> Iterator[str]:
    for number, each in enumerate(edges):
        yield f"  linkStyle {number} stroke:{COLOURS[each.status]}"


def _number(found: re.Match[str]) -> str:
    return f"#{ord(found[0])};"
