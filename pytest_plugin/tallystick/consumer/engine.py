"""The one door to the Pact core: builds its contract, runs its mock server, reads what it saw."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from tallystick.consumer.outcome import Difference, Expected, Mismatched, Outcome, Unexpected
from tallystick.errors import DeclarationError

# The core reports each use to its makers unless it is told not to, once, before it is loaded.
os.environ.setdefault("PACT_DO_NOT_TRACK", "true")

from pact import Pact, error

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pact.interaction import HttpInteraction

    from tallystick.consumer.content import Content
    from tallystick.consumer.interaction import Declaration

__tracebackhide__ = True

HOST = "127.0.0.1"
RAW = "declared on .pact"

_loaded_by: int | None = None


def new_pact(specification: int) -> Pact:
    """Return an empty contract of Pact specification 2, 3 or 4; raises RuntimeError in a forked process.

    Its participants get their names when it is recorded: the core would use them as a path.
    """
    global _loaded_by  # noqa: PLW0603 - one process, one core
    _loaded_by = _loaded_by or os.getpid()
    if _loaded_by != os.getpid():
        raise RuntimeError(
            "the Pact core was loaded before this process was forked, and its mock server would hang here: "
            "start processes with spawn, use pytest-xdist instead of pytest-forked"
        )
    version = cast("Literal['V2', 'V3', 'V4']", f"V{specification}")
    return Pact("consumer", "provider").with_specification(version)


def declare(pact: Pact, declaration: Declaration) -> None:
    """Put a complete declaration into the contract."""
    interaction = pact.upon_receiving(declaration.description)
    for state, params in declaration.states:
        interaction.given(state, params)
    interaction.with_request(declaration.method, declaration.path)
    for name, value in declaration.query:
        interaction.with_query_parameter(name, value)
    _carry(interaction, declaration.request, "Request")
    interaction.will_respond_with(declaration.status)
    _carry(interaction, declaration.response, "Response")


def document(pact: Pact) -> dict[str, Any]:
    """Return the contract as the core writes it."""
    with tempfile.TemporaryDirectory() as folder:
        pact.write_file(folder)
        (path,) = Path(folder).iterdir()
        written: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return written


class Server:
    """A mock server of one contract, on the loopback address, from its making until `stop`."""

    def __init__(self, pact: Pact, declarations: Sequence[Declaration], port: int = 0) -> None:
        """Start it, on a free port when `port` is 0; raises DeclarationError for requests that look the same."""
        self._server = pact.serve(HOST, port, raises=False, verbose=False)
        self._server.__enter__()
        self.port: int = self._server.port or 0
        self._expected = _by_request(self._server.mismatches, declarations)

    @property
    def expected(self) -> list[Expected]:
        """The declared requests, in the order of their declaration."""
        return list(self._expected.values())

    def outcome(self) -> Outcome:
        """What it saw so far."""
        found = self._server.mismatches
        never_sent = tuple(
            self._expected[_key(item)] for item in found if isinstance(item, error.MissingRequest)
        )
        came = [item for item in self.expected if item not in never_sent]
        return Outcome(
            mismatched=tuple(
                _mismatched(item, came) for item in found if isinstance(item, error.RequestMismatch)
            ),
            unexpected=tuple(
                Unexpected(item.method, item.path)
                for item in found
                if isinstance(item, error.RequestNotFound)
            ),
            never_sent=never_sent,
        )

    def stop(self) -> None:
        """Close its port."""
        # The core closes it when the last reference goes, which leaving the block does not do by itself.
        self._server.__exit__(None, None, None)
        del self._server


def _carry(interaction: HttpInteraction, content: Content, part: Literal["Request", "Response"]) -> None:
    for name, value in content.headers:
        interaction.with_header(name, value, part)
    if isinstance(content.body, bytes):
        interaction.with_binary_body(content.body, content.content_type, part)
    elif content.body is not None:
        interaction.with_body(content.body, content.content_type, part)


def _by_request(listed: list[error.Mismatch], declarations: Sequence[Declaration]) -> dict[str, Expected]:
    """Before any request has come the core lists all declared ones, in order: that tells which is whose."""
    expected: dict[str, Expected] = {}
    waiting = list(declarations)
    for item in (item for item in listed if isinstance(item, error.MissingRequest)):
        label = RAW
        if waiting and _fits(waiting[0], item):
            declaration = waiting.pop(0)
            label = declaration.label
        key = _key(item)
        if key in expected:
            raise DeclarationError(
                f"{expected[key].label} and {label} declare the same request, so one mock cannot tell them apart: "
                "give them to different tests"
            )
        expected[key] = Expected(item.method, item.path, label)
    return expected


def _fits(declaration: Declaration, item: error.MissingRequest) -> bool:
    return (declaration.method, declaration.example_path) == (item.method, item.path)


def _key(missing: error.MissingRequest) -> str:
    return json.dumps(missing.request, sort_keys=True)


def _mismatched(found: error.RequestMismatch, came: list[Expected]) -> Mismatched:
    candidates = [item for item in came if (item.method, item.path) == (found.method, found.path)]
    differences = dict.fromkeys(_difference(item) for item in found.mismatches)
    return Mismatched(found.method, found.path, tuple(candidates), tuple(differences))


def _difference(item: error.Mismatch) -> Difference:
    declared, sent = (getattr(item, name, None) for name in ("expected", "actual"))
    return Difference(
        place=_place(item),
        declared="" if declared is None else str(declared),
        sent="" if sent is None else str(sent),
        explanation=str(item).partition(": ")[2],
    )


def _place(item: error.Mismatch) -> str:
    kind = item.type.removesuffix("Mismatch")
    named = {"Query": "parameter", "Header": "key", "Body": "path"}.get(kind)
    return f"{kind.lower()} {getattr(item, named)}" if named else kind
