"""Where a request comes from: pages of other sites may not change anything here."""

from urllib.parse import urlsplit

from flask import request

from tallystick_broker.api.address import base_url
from tallystick_broker.errors import Forbidden

READING = {"GET", "HEAD", "OPTIONS"}


def refuse_foreign() -> None:
    """Raise Forbidden for a request that writes and was made by a page of another site.

    Browsers send credentials with whatever a foreign page makes them send, but say where it comes from: in
    `Sec-Fetch-Site` (Fetch Metadata), or in `Origin` (RFC 6454) where the connection is not secure. Programs send
    neither.
    """
    if request.method in READING:
        return
    if not _is_own(request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")):
        raise Forbidden(
            "This was sent by a page of another site, so nothing was done. If it was a page of this broker, its "
            f"address is not {_own()}: set TALLYSTICK_BASE_URL to the address that people use."
        )


def _is_own(site: str | None, origin: str | None) -> bool:
    if site:
        return site in {"same-origin", "none"}
    return origin is None or origin.lower() == _own()


def _own() -> str:
    parts = urlsplit(base_url().lower())
    return f"{parts.scheme}://{parts.netloc}"
