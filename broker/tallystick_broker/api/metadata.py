"""The metadata segment of a pact's URL: why a provider was given the pact, as clients carry it back with the result."""

import base64
import binascii
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode


@dataclass(frozen=True)
class Metadata:
    """What the segment says; nothing when there is none."""

    wip: bool = False
    pending: bool = False
    consumer_version_numbers: tuple[str, ...] = ()
    tags: tuple[tuple[str, str], ...] = ()
    """The tags by which versions were selected: each a version's number and a tag."""


def encode(metadata: Metadata) -> str:
    """Return the segment that says this; clients take it as it is."""
    query = [("cvn", number) for number in metadata.consumer_version_numbers]
    query += [("cvt", text) for pair in metadata.tags for text in pair]
    query += [(key, "true") for key, flag in {"w": metadata.wip, "p": metadata.pending}.items() if flag]
    return base64.urlsafe_b64encode(urlencode(query).encode()).decode().rstrip("=")


def decode(segment: str) -> Metadata:
    """Return what the segment says; one that can't be read says nothing."""
    try:
        text = base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4)).decode()
    except (binascii.Error, ValueError):
        return Metadata()
    query = parse_qs(text)
    tags = query.get("cvt", [])
    return Metadata(
        wip=query.get("w") == ["true"],
        pending=query.get("p") == ["true"],
        consumer_version_numbers=tuple(number for number in query.get("cvn", []) if "\0" not in number),
        tags=tuple(zip(tags[::2], tags[1::2], strict=False)),
    )
