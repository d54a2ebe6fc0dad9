"""Interactions: what a contract of Pact specification 1 to 4 asks for, one by one."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from tallystick_contracts.fingerprint import INTERACTION_LISTS

Document = Mapping[str, Any]

HTTP = "Synchronous/HTTP"
ASYNCHRONOUS_MESSAGE = "Asynchronous/Messages"
SYNCHRONOUS_MESSAGE = "Synchronous/Messages"


class ContractError(ValueError):
    """A JSON document that is not a contract; the message names the member that is wrong."""


@dataclass(frozen=True)
class State:
    """A provider state: what must be true of the provider before an interaction."""

    name: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Interaction:
    """One interaction or message; `position` counts them in the document, interactions before messages.

    `content_type` is that of what the provider sends in a message; None of one that holds nothing.
    """

    position: int
    description: str
    states: tuple[State, ...]
    kind: str
    id: str | None
    pending: bool
    testname: str | None
    content_type: str | None = None


def participants(document: Any) -> tuple[str, str]:
    """Return the names of the consumer and the provider; raises ContractError when one is not there."""
    if not isinstance(document, Mapping):
        raise ContractError("a contract is a JSON object")
    return _participant(document, "consumer"), _participant(document, "provider")


def interactions(document: Document) -> list[Interaction]:
    """Return what the contract asks for, in its order; raises ContractError for what no specification has."""
    return [
        _interaction(position, where, key, raw)
        for position, (where, key, raw) in enumerate(_entries(document))
    ]


def raw_interactions(document: Document) -> list[Mapping[str, Any]]:
    """Return the interactions as they are written, in the order of `interactions`."""
    return [raw for _, _, raw in _entries(document)]


def only(document: Document, position: int, *, without: Collection[str] = ("pending",)) -> dict[str, Any]:
    """Return the contract with the interaction at this position as its only one, `without` these members.

    Pending is a matter of what a failure means to the provider's build, so whoever runs the copy decides it.
    """
    key, raw = _find(document, position)
    rest = {name: value for name, value in document.items() if name not in INTERACTION_LISTS}
    return {**rest, key: [{name: value for name, value in raw.items() if name not in without}]}


def request_of(document: Document, position: int) -> Mapping[str, Any]:
    """Return the request of the interaction at this position, as it is in the document."""
    request = _find(document, position)[1].get("request")
    return request if isinstance(request, Mapping) else {}


def states(document: Any) -> Iterator[State]:
    """Yield the provider states of a contract that may be of any kind, without what can't be read as one."""
    lists = [document.get(key) for key in INTERACTION_LISTS] if isinstance(document, Mapping) else []
    for entry in (entry for each in lists if isinstance(each, list) for entry in each):
        if isinstance(entry, Mapping):
            with suppress(ContractError):
                yield from list(_states("", entry))


def plugins(document: Document) -> list[str]:
    """Return the names of the Pact plugins without which the contract cannot be read (specification 4)."""
    metadata = document.get("metadata")
    listed = metadata.get("plugins") if isinstance(metadata, Mapping) else None
    entries = listed if isinstance(listed, list) else []
    return [str(entry.get("name", "?")) if isinstance(entry, Mapping) else "?" for entry in entries]


def _participant(document: Document, role: str) -> str:
    member = document.get(role)
    name = member.get("name") if isinstance(member, Mapping) else None
    if not isinstance(name, str) or not name:
        raise ContractError(f"{role}.name is missing: this is not a contract")
    return name


def _entries(document: Document) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for key in INTERACTION_LISTS:
        entries = document.get(key)
        if not isinstance(entries, list | None):
            raise ContractError(f"{key} must be a list")
        for index, entry in enumerate(entries or []):
            if not isinstance(entry, Mapping):
                raise ContractError(f"{key}[{index}] must be an object")
            yield f"{key}[{index}]", key, entry


def _find(document: Document, position: int) -> tuple[str, Mapping[str, Any]]:
    for key in INTERACTION_LISTS:
        entries = document.get(key) or []
        if position < len(entries):
            return key, entries[position]
        position -= len(entries)
    raise IndexError(position)


def _interaction(position: int, where: str, key: str, raw: Mapping[str, Any]) -> Interaction:
    description, comments = raw.get("description"), raw.get("comments")
    if not isinstance(description, str):
        raise ContractError(f"{where}.description must be a string")
    testname = comments.get("testname") if isinstance(comments, Mapping) else None
    identifier = raw.get("_id")
    kind = str(raw.get("type") or (HTTP if key == "interactions" else ASYNCHRONOUS_MESSAGE))
    return Interaction(
        position=position,
        description=description,
        states=tuple(_states(where, raw)),
        kind=kind,
        id=identifier if isinstance(identifier, str) else None,
        pending=raw.get("pending") is True,
        testname=testname if isinstance(testname, str) else None,
        content_type=None if kind == HTTP else _content_type(raw, key),
    )


def _content_type(message: Mapping[str, Any], key: str) -> str | None:
    """The content type of a message, or of the first response to it; None when there is no content."""
    responses = message.get("response")
    part = responses[0] if isinstance(responses, list) and responses else message
    contents = part.get("contents") if isinstance(part, Mapping) else None
    if key == "interactions":  # Specification 4 has contents with a type; before, they were the bare value.
        contents, declared = (
            (contents.get("content"), contents.get("contentType"))
            if isinstance(contents, Mapping)
            else (None, None)
        )
    else:
        metadata = message.get("metaData", message.get("metadata"))
        declared = metadata.get("contentType") if isinstance(metadata, Mapping) else None
    return None if contents in (None, "") else str(declared or "application/json")


def _states(where: str, raw: Mapping[str, Any]) -> Iterator[State]:
    """The states in any specification's spelling: a list of objects (3, 4), else one name (1, 2)."""
    listed = raw.get("providerStates")
    if listed is None:
        name = raw.get("providerState", raw.get("provider_state"))
        listed = [{"name": name}] if name else []
    if not isinstance(listed, list):
        raise ContractError(f"{where}.providerStates must be a list")
    for index, entry in enumerate(listed):
        yield _state(f"{where}.providerStates[{index}]", entry)


def _state(where: str, raw: Any) -> State:
    name = raw.get("name") if isinstance(raw, Mapping) else None
    params = (raw.get("params") or {}) if isinstance(raw, Mapping) else None
    if not isinstance(name, str) or not isinstance(params, Mapping):
        raise ContractError(f"{where} must have a name, and its params must be an object")
    return State(name, params)
