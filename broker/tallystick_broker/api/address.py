"""Under which address this broker is reached, which every link begins with."""

import re
from urllib.parse import urlsplit

from flask import current_app, g, request

from tallystick_broker.config import Config

HOST = re.compile(r"[\w.-]+(:\d{1,5})?|\[[0-9A-Fa-f:.]+\](:\d{1,5})?", re.ASCII)


def base_url() -> str:
    """Return the address of the broker, without a slash at the end; it is found once for each request.

    Of several that are configured it is the one that the client used, as a proxy forwards it or as the request
    says, else the first (the rules of the Pact Broker). When none is configured, what a proxy forwards counts
    only if the settings trust it: anybody could send it.
    """
    found: str | None = g.get("base_url")
    if found is None:
        found = g.base_url = _find_base_url()
    return found


def _find_base_url() -> str:
    config: Config = current_app.config["TALLYSTICK"]
    asked, forwarded = request.url_root.rstrip("/"), _forwarded()
    configured = (config.base_url or "").split()
    if configured:
        used = (_origin(each) for each in (forwarded, asked) if each)
        return next(
            (each for origin in used for each in configured if _origin(each) == origin), configured[0]
        )
    return forwarded if forwarded and config.trust_forwarded_headers else asked


def _forwarded() -> str | None:
    """Return the address that the nearest proxy says the client used; None without one that can be an address."""
    scheme, host = (_first(f"X-Forwarded-{part}") for part in ("Proto", "Host"))
    scheme = scheme.lower() or request.scheme
    return f"{scheme}://{host}" if scheme in {"http", "https"} and HOST.fullmatch(host) else None


def _first(header: str) -> str:
    return request.headers.get(header, "").partition(",")[0].strip()


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url.lower())
    return parts.scheme, parts.netloc
