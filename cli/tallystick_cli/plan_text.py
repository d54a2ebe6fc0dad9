"""A plan in words, and as a drawing in Mermaid's language."""

from collections.abc import Iterable, Iterator

from rich.console import Console

from tallystick_cli.output import write
from tallystick_cli.verdict_text import write_page, write_reason
from tallystick_client import Party, Plan, Step

PLAIN = frozenset(" -._+/@")
"""What needs no escape in a label, beside letters and digits."""


def write_plan(console: Console, environment: str, plan: Plan) -> None:
    """Write the whole plan for reading."""
    write(console, describe_plan(environment, plan), "bold red" if plan.blocked else "bold green")
    for number, wave in enumerate(plan.waves, 1):
        write(console, f"\nWave {number}", "bold")
        for step in wave:
            _write_step(console, step)
    for blocked in plan.blocked:
        write(console, f"\nBlocked: {_name(blocked.candidate)}", "bold red")
        for number, reason in enumerate(blocked.reasons, 1):
            write_reason(console, f"{number}. ", reason)
    if plan.live:
        write(console, f"\nLive already: {', '.join(map(_name, plan.live))}")
    for reason in plan.reasons:
        write_reason(console, "", reason)
    write_page(console, plan.page)


def describe_plan(environment: str, plan: Plan) -> str:
    """Return the answer as one sentence."""
    planned = sum(len(step.candidates) for wave in plan.waves for step in wave)
    if plan.blocked:
        total = planned + len(plan.blocked)
        return f"NO: {len(plan.blocked)} of {_count(total, 'version')} cannot go to {environment}."
    if not planned:
        return f"YES: nothing is left to go to {environment}."
    return f"YES: {_count(planned, 'version')} can go to {environment}, in {_count(len(plan.waves), 'wave')}."


def draw_plan(plan: Plan) -> str:
    """Return the plan as a flowchart: a box for each wave, a node for each step, an arrow to what has to wait."""
    steps = [step for wave in plan.waves for step in wave]
    nodes = {each: f"s{place}" for place, step in enumerate(steps) for each in step.candidates}
    lines = ["flowchart TD"]
    for number, wave in enumerate(plan.waves, 1):
        labels = [(nodes[step.candidates[0]], _label(step.candidates)) for step in wave]
        lines += _draw_box(f"wave{number}", f"Wave {number}", labels)
    if plan.blocked:
        labels = [(f"b{place}", _label([each.candidate])) for place, each in enumerate(plan.blocked)]
        lines += _draw_box("blocked", "Blocked", labels)
    arrows = [f"  {nodes[need.needed]} --> {nodes[need.candidate]}" for step in steps for need in step.after]
    return "\n".join([*lines, *dict.fromkeys(arrows)])


def _write_step(console: Console, step: Step) -> None:
    together = " (together: each order is forbidden)" if len(step.candidates) > 1 else ""
    write(console, " + ".join(map(_name, step.candidates)) + together, indent=2)
    for need in step.after:
        write(console, f"after {_name(need.needed)}: {need.reason.text}", indent=6)
    for need in step.ring:
        write(
            console,
            f"{_name(need.candidate)} cannot go before {_name(need.needed)}: {need.reason.text}",
            indent=6,
        )


def _draw_box(key: str, title: str, labels: Iterable[tuple[str, str]]) -> Iterator[str]:
    yield f'  subgraph {key}["{title}"]'
    yield from (f'    {node}["{label}"]' for node, label in labels)
    yield "  end"


def _label(parties: Iterable[Party]) -> str:
    return "<br/>".join(_escape(_name(each)) for each in parties)


def _escape(text: str) -> str:
    """Return the text with whatever could end a label or mean something in it as an entity."""
    return "".join(
        each if each in PLAIN or (each.isascii() and each.isalnum()) else f"#{ord(each)};" for each in text
    )


def _name(party: Party) -> str:
    return f"{party.name} {party.version}" if party.version else party.name


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
