"""Merging: one contract out of several that a consumer's parallel builds recorded."""

from typing import Any

from tallystick_contracts.fingerprint import INTERACTION_LISTS, without_ids

Document = dict[str, Any]
COMPARED = ("method", "path", "query", "body", "headers")
"""Members of a request that two recordings of one interaction must agree on."""


class MergeConflict(ValueError):  # noqa: N818 (it names what is in the way, not a failure of the program)
    """Two recordings of one interaction that differ; the message names the interaction."""


def merge(stored: Any, submitted: Any) -> Document:
    """Return the stored document with the submitted interactions and messages put in.

    Interactions are the same when their description and provider states are equal: the submitted one takes
    the place of the stored one; others are appended. Raises MergeConflict when their requests differ or when
    one of the documents has nothing to merge.
    """
    if not isinstance(stored, dict) or not isinstance(submitted, dict):
        raise MergeConflict("only JSON objects can be merged")
    there, added = without_ids(stored), without_ids(submitted)
    keys = [key for key in INTERACTION_LISTS if isinstance(added.get(key), list)]
    if not keys or not any(isinstance(there.get(key), list) for key in INTERACTION_LISTS):
        raise MergeConflict("both contracts must have interactions or messages to be merged")
    return there | {key: _merge_lists(there.get(key) or [], added[key]) for key in keys}


def _merge_lists(stored: list[Any], submitted: list[Any]) -> list[Document]:
    if not all(isinstance(interaction, dict) for interaction in (*stored, *submitted)):
        raise MergeConflict("each interaction must be a JSON object to be merged")
    merged = {_identity(interaction): interaction for interaction in stored}
    for interaction in submitted:
        key = _identity(interaction)
        if key in merged and _request(merged[key]) != _request(interaction):
            raise MergeConflict(
                f"the interaction {interaction.get('description')!r} is there with another request"
            )
        merged[key] = interaction
    return list(merged.values())


def _identity(interaction: Document) -> tuple[str, str]:
    states = (interaction.get(key) for key in ("provider_state", "providerState", "providerStates"))
    return repr(interaction.get("description")), repr(
        next((state for state in states if state is not None), None)
    )


def _request(interaction: Document) -> dict[str, Any]:
    request = interaction.get("request")
    return {key: request.get(key) for key in COMPARED} if isinstance(request, dict) else {}
