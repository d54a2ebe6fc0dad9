"""The metadata segment of a pact's URL: why a provider was given the pact, as clients carry it back with the result."""

import base64
import binascii
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs


@dataclass(frozen=True)
class Metadata:
    """What the segment says; nothing when there is none."""

    wip: bool = False
    pending: bool = False
    consumer_version_numbers: tuple[str, ...] = ()
    selectors: tuple[dict[str, Any], ...] = ()


def decode(segment: str) -> Metadata:
    """Return what the segment says; one that can't be read says nothing."""
    try:
        text = base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4)).decode()
    except (binascii.Error, ValueError):
        return Metadata()
    query = parse_qs(text)
    return Metadata(
        wip=query.get("w") == ["true"],
        pending=query.get("p") == ["true"],
        consumer_version_numbers=tuple(query.get("cvn", [])),
    )
