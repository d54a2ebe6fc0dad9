"""What is sent to publish contracts, and what the broker says to it."""

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from tallystick_client.errors import InvalidInput

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Notice:
    """A line that the broker has for the user; `type` is debug, prompt, success, info, warning or error."""

    type: str
    text: str


@dataclass(frozen=True)
class Publication:
    """What the broker says to published contracts; `body` is its whole answer."""

    notices: list[Notice]
    body: dict[str, Any] = field(repr=False)

    @classmethod
    def read(cls, body: dict[str, Any]) -> Self:
        """Return the publication that the answer to POST /contracts/publish describes."""
        return cls(read_notices(body), body)


def read_notices(body: Mapping[str, Any]) -> list[Notice]:
    """Return the notices of an answer."""
    return [Notice(str(notice["type"]), str(notice["text"])) for notice in body.get("notices") or ()]


def describe_publication(
    participant: str,
    version: str,
    documents: Sequence[Document],
    *,
    branch: str | None,
    tags: Sequence[str],
    build_url: str | None,
    merge: bool,
) -> dict[str, Any]:
    """Return the body of POST /contracts/publish; members without a value are left out.

    Raises InvalidInput when a document names another consumer, no provider, or cannot be written as JSON.
    """
    body = {
        "pacticipantName": participant,
        "pacticipantVersionNumber": version,
        "branch": branch,
        "tags": list(tags) or None,
        "buildUrl": build_url,
        "contracts": [_describe_contract(participant, document, merge=merge) for document in documents],
    }
    return {key: value for key, value in body.items() if value is not None}


def _describe_contract(participant: str, document: Document, *, merge: bool) -> dict[str, Any]:
    consumer, provider = read_names(document)
    if consumer != participant:
        raise InvalidInput(
            f"The contract's consumer is {consumer!r}, but it is published for {participant!r}."
        )
    return {
        "consumerName": consumer,
        "providerName": provider,
        "specification": "pact",
        "contentType": "application/json",
        "content": b64encode(_write(document)).decode(),
        "onConflict": "merge" if merge else "overwrite",
    }


def read_names(document: Document) -> tuple[str, str]:
    """Return a Pact document's consumer name and provider name; raises InvalidInput when one is missing."""
    return _read_name(document, "consumer"), _read_name(document, "provider")


def _read_name(document: Document, role: str) -> str:
    party = document.get(role)
    name = party.get("name") if isinstance(party, Mapping) else None
    if not isinstance(name, str) or not name.strip():
        raise InvalidInput(f'The contract does not name its {role}: it needs "{role}": {{"name": "…"}}.')
    return name


def _write(document: Document) -> bytes:
    try:
        return json.dumps(document, ensure_ascii=False, allow_nan=False).encode()
    except (TypeError, ValueError) as error:
        raise InvalidInput(f"The contract cannot be written as JSON: {error}.") from error
