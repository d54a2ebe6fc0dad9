"""The words about an interaction that was not honoured: what was asked, answered and expected, and why."""

from __future__ import annotations

import json
import re
import shlex
from typing import TYPE_CHECKING

from tallystick.provider import messages
from tallystick.secrecy import SECRET, hide_members
from tallystick_contracts.interactions import HTTP

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tallystick.provider.exchange import Exchange, Request
    from tallystick.provider.selection import Case, SelectedContract
    from tallystick.provider.verdict import Mismatch, Verdict
    from tallystick_contracts.interactions import Interaction

LONGEST = 2000
"""Characters of a body that are shown."""

# What the verifier's own HTTP client adds; a contract does not ask for it.
ADDED = {("accept", "*/*"), ("accept-encoding", "gzip,deflate")}
ADDED_NAMES = frozenset({"host", "content-length", "connection"})


def headline(case: Case) -> str:
    """One line that names the interaction and the two sides of its contract."""
    contract = case.contract
    return f"{contract.consumer} expects of {contract.provider}: {case.interaction.description}"


def explain(case: Case, verdict: Verdict, exchanges: Sequence[Exchange], base_url: str) -> str:
    """The whole text; `base_url` is where the request of the `curl` line goes."""
    lines = [headline(case), *_indent(_circumstances(case.interaction, exchanges))]
    for mismatch in verdict.mismatches:
        lines += _indent(_difference(mismatch))
    if verdict.reason:
        lines += _indent([verdict.reason])
    lines += _indent(_background(case.contract, case.interaction))
    if case.interaction.kind == HTTP:
        lines += _indent(f"reproduce   {curl(exchange.request, base_url)}" for exchange in exchanges)
    return "\n".join(lines)


def curl(request: Request, base_url: str) -> str:
    """The request as a command line for a POSIX shell."""
    parts = ["curl", "-i"]
    if request.method == "HEAD":
        parts.append("--head")
    elif request.method != "GET":
        parts += ["-X", shlex.quote(request.method)]
    for name, value in _own_headers(request):
        # A variable stays outside of single quotes, so that the shell fills it in.
        variable = re.sub(r"\W", "_", name.upper())
        parts += ["-H", f'"{name}: ${variable}"' if SECRET.search(name) else shlex.quote(f"{name}: {value}")]
    if request.body:
        text = _text(request.body)
        parts += ["--data-binary", "@FILE" if text is None else shlex.quote(hide_members(text))]
    url = f'"{base_url}"{shlex.quote(request.target)}' if base_url.startswith("$") else None
    return " ".join([*parts, url or shlex.quote(base_url.rstrip("/") + request.target)])


def _circumstances(interaction: Interaction, exchanges: Sequence[Exchange]) -> Iterator[str]:
    for state in interaction.states:
        params = f" {json.dumps(state.params, ensure_ascii=False)}" if state.params else ""
        yield f"given {state.name}{params}"
    for exchange in exchanges:
        if interaction.kind == HTTP:
            yield from _tell(exchange)
        else:
            yield from (f"{title:8}  {text}" for title, text in messages.describe(exchange))


def _tell(exchange: Exchange) -> Iterator[str]:
    request, response = exchange.request, exchange.response
    yield f"request   {request.method} {request.target}{_body(request.body)}"
    if exchange.altered:
        yield f"request altered: {', '.join(exchange.altered)}"
    shown = f"{response.status}{_body(response.body)}" if response else "none: the app raised"
    yield f"response  {shown}"


def _difference(mismatch: Mismatch) -> Iterator[str]:
    yield f"{mismatch.attribute} {mismatch.where}".rstrip()
    yield f"  - expected  {mismatch.expected}"
    yield f"  + actual    {mismatch.actual}"
    yield f"  {mismatch.description}"


def _background(contract: SelectedContract, interaction: Interaction) -> Iterator[str]:
    if interaction.testname:
        yield f"recorded by {interaction.testname}"
    yield f"contract    {contract.origin}"
    if contract.reasons:
        yield "why this contract is here"
        yield from (f"  {line.strip()}" for reason in contract.reasons for line in reason.splitlines())


def _own_headers(request: Request) -> list[tuple[str, str]]:
    return [
        (name, value)
        for name, value in request.headers
        if name.lower() not in ADDED_NAMES
        and (name.lower(), value) not in ADDED
        and not (name.lower() == "user-agent" and value.startswith("pact_verifier/"))
    ]


def _body(body: bytes) -> str:
    text = _text(body)
    if text is None:
        return f" ({len(body)} bytes that are not text)"
    text = hide_members(text)
    shown = text if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(body)} bytes in all)"
    return " " + "\n          ".join(shown.strip().splitlines()) if shown.strip() else ""


def _text(body: bytes) -> str | None:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text


def _indent(lines: Iterable[str]) -> list[str]:
    return [f"  {line}".rstrip() for text in lines for line in text.splitlines()]
