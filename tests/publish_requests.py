"""Requests that publish contracts."""

import base64
import json
from collections.abc import Iterable
from typing import Any

from story import contract

URL = "/contracts/publish"


def publish_request(
    consumer: str, number: str, providers: Iterable[str], content: str = "a", **members: Any
) -> dict[str, Any]:
    """Return the body that publishes the version's contract with each provider; `members` are further ones."""
    items = [item(consumer, provider, content) for provider in providers]
    return {
        "pacticipantName": consumer,
        "pacticipantVersionNumber": number,
        "contracts": items,
        **members,
    }


def item(consumer: str, provider: str, content: str = "a", /, **members: Any) -> dict[str, Any]:
    """Return a contract as one element of a request."""
    return {
        "consumerName": consumer,
        "providerName": provider,
        "specification": "pact",
        "contentType": "application/json",
        "content": encode(contract(consumer, provider, content)),
        **members,
    }


def encode(document: Any) -> str:
    """Return the document as the wire carries it."""
    return base64.b64encode(json.dumps(document).encode()).decode()
