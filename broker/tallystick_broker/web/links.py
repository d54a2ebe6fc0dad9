"""Addresses in pages: below wherever the broker is reached, each name encoded."""

from collections.abc import Mapping
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

from tallystick_broker.api.address import base_url

STATIC = Path(__file__).parent / "static"


def path(*segments: object, **query: object) -> str:
    """Return the address of these path segments (RFC 3986) with the parameters that are not empty."""
    below = _join(urlsplit(base_url()).path, *segments)
    given = urlencode({name: str(value) for name, value in query.items() if value})
    return f"{below}?{given}" if given else below


@lru_cache(maxsize=10_000)  # a page leads to the same few places again and again
def _join(root: str, *segments: object) -> str:
    return "/".join([root, *(quote(str(each), safe="") for each in segments)])


def origin() -> str:
    """Return what an address needs before its path to be followed from elsewhere."""
    parts = urlsplit(base_url())
    return f"{parts.scheme}://{parts.netloc}"


def again(asked: Mapping[str, object], **changes: object) -> str:
    """Return the address of the same page with these parameters, some of them changed; empty ones are left out."""
    given = {name: str(value) for name, value in {**asked, **changes}.items() if value}
    return f"?{urlencode(given)}"


def asset(name: str) -> str:
    """Return the address of a static file, which changes with its content, so that it may be cached for ever."""
    return path("static", *name.split("/"), v=_digest(name))


@cache
def _digest(name: str) -> str:
    return sha256((STATIC / name).read_bytes()).hexdigest()[:10]
