"""Fingerprints: contents that mean the same to a verifier have the same one, so they share their results."""

import hashlib
from typing import Any

from tallystick_contracts.documents import compact

INTERACTION_LISTS = ("interactions", "messages")


def fingerprint(document: Any) -> str:
    """Return the SHA-1 (hexadecimal) of what affects verification: interactions, messages, specification.

    The order of interactions and of object keys does not matter; names and other metadata do not either (the
    rule of the Pact Broker). A document without interactions or messages counts as a whole.
    """
    return _sha1(compact(_essence(document)))


def interaction_id(interaction: dict[str, Any]) -> str:
    """Return the SHA-1 (hexadecimal) of an interaction whose keys are ordered, without its own `_id`."""
    return _sha1(compact(_ordered({key: value for key, value in interaction.items() if key != "_id"})))


def with_ids(document: Any) -> Any:
    """Return the document with an `_id` first in each interaction and message; one that is there stays."""
    if not isinstance(document, dict):
        return document
    lists = {key: document[key] for key in INTERACTION_LISTS if isinstance(document.get(key), list)}
    return document | {key: [_with_id(item) for item in items] for key, items in lists.items()}


def without_ids(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document without the `_id` of any interaction or message."""
    lists = {key: document[key] for key in INTERACTION_LISTS if isinstance(document.get(key), list)}
    return document | {key: [_without_id(item) for item in items] for key, items in lists.items()}


def specification_version(document: dict[str, Any]) -> Any:
    """Return the Pact specification's version from the metadata, in any of its three spellings."""
    metadata = document.get("metadata")
    if not isinstance(metadata, dict):
        return None
    nested = [metadata.get(key) for key in ("pactSpecification", "pact-specification")]
    versions = [value.get("version") for value in nested if isinstance(value, dict)]
    return next(
        (value for value in [*versions, metadata.get("pactSpecificationVersion")] if value is not None), None
    )


def _essence(document: Any) -> Any:
    if not isinstance(document, dict):
        return document
    key = next((key for key in INTERACTION_LISTS if document.get(key)), None)
    if key:
        document = _ordered(document)
        if isinstance(document[key], list):
            document[key] = sorted(document[key], key=compact)
    essence = {name: document[name] for name in INTERACTION_LISTS if isinstance(document.get(name), list)}
    if not essence:
        return document
    version = specification_version(document)
    return essence if version is None else essence | {"pact_specification_version": version}


def _ordered(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _ordered(value[key]) for key in sorted(value)}
    return [_ordered(item) for item in value] if isinstance(value, list) else value


def _with_id(interaction: Any) -> Any:
    if not isinstance(interaction, dict) or interaction.get("_id"):
        return interaction
    return {"_id": interaction_id(interaction)} | interaction


def _without_id(interaction: Any) -> Any:
    if not isinstance(interaction, dict):
        return interaction
    return {key: value for key, value in interaction.items() if key != "_id"}


def _sha1(text: str) -> str:
    return hashlib.sha1(text.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()
