"""Contract files: named after their participants, the same bytes for the same contract, never half-written."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tallystick.consumer.merging import Owned
from tallystick.files import write_whole
from tallystick_contracts.documents import DocumentError, read
from tallystick_contracts.fingerprint import INTERACTION_LISTS, specification_version
from tallystick_contracts.interactions import ContractError, interactions, participants

UNSAFE = re.compile(r'[/\\:*?"<>|%\x00-\x1f]')
"""Characters that would leave the folder or that a file system refuses."""


@dataclass(frozen=True)
class ContractFile:
    """A contract between two participants and where it is kept."""

    path: Path
    consumer: str
    provider: str
    document: dict[str, Any]

    @property
    def specification(self) -> int | None:
        """The Pact specification that it is written in, None for a contract that does not say."""
        version = str(specification_version(self.document) or "")
        return int(version[0]) if version[:1] in {"1", "2", "3", "4"} else None


def path_of(folder: Path, consumer: str, provider: str) -> Path:
    """Return the file of this contract in the folder, and never one outside it."""
    name = UNSAFE.sub(lambda found: f"%{ord(found[0]):02X}", f"{consumer}-{provider}")
    return folder / f"{name}.json"


def load(path: Path) -> ContractFile:
    """Return the contract in the file; raises ContractError, which names the file, when it is not one."""
    try:
        document = read(path.read_bytes())
        consumer, provider = participants(document)
        interactions(document)
    except (DocumentError, ContractError) as error:
        raise ContractError(f"{path.parent.name}/{path.name} is not a contract: {error}") from error
    return ContractFile(path, consumer, provider, document)


def render(file: ContractFile) -> str:
    """Return the text of the contract's file."""
    return json.dumps(file.document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def save(file: ContractFile) -> None:
    """Write the contract at once: a reader sees the old one or the new one."""
    write_whole(file.path, render(file))


def owned_interactions(document: dict[str, Any]) -> list[Owned]:
    """Return the interactions with the tests that own them.

    Specification 4 has a place for the test, `comments.testname`; in older ones the metadata notes it. A name
    that is not a pytest node id was written by another tool, and says nothing about our tests.
    """
    notes = _members(_members(_members(document, "metadata"), "tallystick"), "tests")
    return [
        Owned(
            interaction,
            _node_id(_members(interaction, "comments").get("testname") or notes.get(_note(interaction))),
        )
        for key in INTERACTION_LISTS
        for interaction in document.get(key) or []
    ]


def with_interactions(file: ContractFile, owned: list[Owned], metadata: dict[str, Any]) -> ContractFile:
    """Return the contract with these interactions and this metadata; what is not ours in it stays as it is.

    Raises ContractError when there are messages beside HTTP interactions before specification 4, which the core
    would not verify.
    """
    merged = {**_members(file.document, "metadata"), **metadata}
    has_comments = str(specification_version({"metadata": merged})).startswith("4")
    for ours in ("pactRust", "tallystick"):
        merged.pop(ours, None)
    if not has_comments:
        merged["tallystick"] = {"tests": {_note(item.interaction): item.test for item in owned if item.test}}
    document = {
        **file.document,
        "consumer": {"name": file.consumer},
        "provider": {"name": file.provider},
        "metadata": merged,
    }
    for key in INTERACTION_LISTS:
        document.pop(key, None)
    if has_comments:
        document["interactions"] = [_commented(item) for item in owned]
    else:
        document[_only_list(owned, file)] = [item.interaction for item in owned]
    return replace(file, document=document)


def _only_list(owned: list[Owned], file: ContractFile) -> str:
    """The list that holds all of them before specification 4, which had contracts of HTTP and others of messages."""
    keys = {"messages" if "contents" in item.interaction else "interactions" for item in owned}
    if len(keys) > 1:
        raise ContractError(
            f"{file.path.parent.name}/{file.path.name} would hold messages beside HTTP interactions, of which only one "
            "kind would be verified: set contracts_spec to 4, or give the messages a provider of their own"
        )
    return keys.pop() if keys else "interactions"


def _commented(owned: Owned) -> dict[str, Any]:
    if not owned.test:
        return owned.interaction
    comments = _members(owned.interaction, "comments") | {"testname": owned.test}
    return {**owned.interaction, "comments": comments}


def _members(value: dict[str, Any], key: str) -> dict[str, Any]:
    """The object at this key; an empty one when something else is there, or nothing."""
    inner = value.get(key)
    return inner if isinstance(inner, dict) else {}


def _note(interaction: dict[str, Any]) -> str:
    return json.dumps(Owned(interaction, None).key)


def _node_id(name: object) -> str | None:
    return name if isinstance(name, str) and "::" in name else None
