"""The door: the only place from which the broker calls other people's servers."""

import ipaddress
import os
import re
import socket
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
from requests.adapters import HTTPAdapter
from requests.utils import get_environ_proxies
from urllib3.exceptions import HTTPError

from tallystick_broker.config import Config

CONNECT_SECONDS, READ_SECONDS, TOTAL_SECONDS = 15.0, 15.0, 30.0
MOST_BYTES = 100_000
"""How much of an answer is kept; the rest is not read."""

TOO_MUCH = f"\n(cut off after {MOST_BYTES} bytes)"


class Unreachable(Exception):  # noqa: N818 (not an error of ours)
    """Nothing was answered, or nothing was asked; the message says why."""


@dataclass(frozen=True)
class Call:
    """A request that is ready to be sent."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: str | None = None


@dataclass(frozen=True)
class Answer:
    """What was answered."""

    status: int
    reason: str
    headers: Mapping[str, str]
    body: str


def find_faults(config: Config, url: str) -> list[str]:
    """Return why this URL must not be called; nothing when it may be."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        return [f"is not a valid URL: {error}"]
    if not parts.scheme or not host or re.search(r"[\s\x00-\x1f\x7f]", url):
        return ["is not a valid URL eg. https://example.org"]
    faults = []
    if "@" in parts.netloc:
        faults.append("must not hold credentials: give username and password instead")
    if parts.scheme.lower() not in config.webhook_schemes:
        faults.append(f"scheme must be one of: {', '.join(config.webhook_schemes)}")
    if config.webhook_hosts and not is_listed(host, config.webhook_hosts):
        faults.append("host is not among those that webhooks may call")
    return faults


def is_listed(host: str, patterns: Iterable[str]) -> bool:
    """Return whether one of the patterns is the host: a name, `*.domain`, address, network or `/expression/`.

    `*` stands for one label, as in certificates (RFC 6125).
    """
    return any(_matches(host.lower(), pattern) for pattern in patterns)


def send(call: Call, config: Config) -> Answer:
    """Return the answer to the call, made without following redirects; raise Unreachable when there is none.

    A host that is not listed by name must be on the public internet, and is called under exactly the address
    that was found to be.
    """
    if faults := [*find_faults(config, call.url), *_method_faults(call.method, config)]:
        raise Unreachable(f"The request must not be sent: {'; '.join(faults)}")
    deadline = time.monotonic() + TOTAL_SECONDS
    try:
        with _ask(call, config) as response:
            body = _read(response, deadline)
            return Answer(response.status_code, response.reason, dict(response.headers), body)
    except (requests.RequestException, HTTPError, OSError, ValueError) as error:
        raise Unreachable(f"{type(error).__name__}: {error}") from error


def _ask(call: Call, config: Config) -> requests.Response:
    url, headers = call.url, {name: text.encode() for name, text in call.headers.items()}
    proxies = get_environ_proxies(call.url)
    with requests.Session() as session:
        session.trust_env = False  # a .netrc file is for people, not for webhooks
        if not config.webhook_hosts and not proxies:
            url = _pin(session, call.url)
            headers["host"] = urlsplit(call.url).netloc.encode()
        return session.request(
            call.method,
            url,
            headers=headers,
            data=None if call.body is None else call.body.encode(),
            timeout=(CONNECT_SECONDS, READ_SECONDS),
            proxies=proxies,
            verify=os.environ.get("REQUESTS_CA_BUNDLE") or True,
            allow_redirects=False,
            stream=True,
        )


class Pinned(HTTPAdapter):
    """Connections to an address whose certificate must be for the host all the same."""

    def __init__(self, host: str) -> None:
        self._host = host
        super().__init__()

    def init_poolmanager(self, *args: Any, **others: Any) -> None:
        """Make the connections, each with the host's name in its handshake."""
        super().init_poolmanager(*args, **others, server_hostname=self._host, assert_hostname=self._host)


def _pin(session: requests.Session, url: str) -> str:
    """Return the URL with the host's address in place of its name; raise Unreachable unless it is public."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        found = socket.getaddrinfo(host, parts.port or parts.scheme, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable(f"The host {host} has no address: {error}") from error
    addresses = [str(each[4][0]) for each in found]
    if not all(ipaddress.ip_address(each.partition("%")[0]).is_global for each in addresses):
        raise Unreachable(f"The host {host} is not on the public internet: list it to let webhooks call it")
    session.mount("https://", Pinned(host))
    address = f"[{addresses[0]}]" if ":" in addresses[0] else addresses[0]
    port = f":{parts.port}" if parts.port else ""
    return urlunsplit((parts.scheme, f"{address}{port}", parts.path, parts.query, ""))


def _matches(host: str, pattern: str) -> bool:
    if pattern.startswith("/"):
        return re.search(pattern.strip("/"), host) is not None
    if pattern.startswith("*."):
        return host.partition(".")[2] == pattern[2:].lower()
    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(pattern, strict=False)
    except ValueError:
        return host == pattern.lower()


def _method_faults(method: str, config: Config) -> list[str]:
    allowed = config.webhook_methods
    return [] if method.upper() in allowed else [f"method must be one of: {', '.join(allowed)}"]


def _read(response: requests.Response, deadline: float) -> str:
    """Return the body, as far as it fits and arrives in time."""
    found = b""
    while len(found) < MOST_BYTES and time.monotonic() < deadline:
        piece = response.raw.read1(MOST_BYTES, decode_content=True)
        if not piece:
            return found.decode(response.encoding or "utf-8", "replace")
        found += piece
    return found[:MOST_BYTES].decode("utf-8", "replace") + TOO_MUCH
