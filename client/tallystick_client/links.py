"""Where things are on a broker: the links of its index, expanded and never leading away from it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from tallystick_client.errors import InvalidInput, NotABroker


def expand(template: str, **values: str) -> str:
    """Return the link with each `{name}` replaced by its value, encoded as one path segment (RFC 3986).

    Raises InvalidInput for a value that no path segment can hold: a blank one, `.` or `..`.
    """
    for name, value in values.items():
        if not value.strip() or value in {".", ".."}:
            raise InvalidInput(f"{value!r} cannot be the name of a {name}.")
    return re.sub(r"\{(\w+)\}", lambda match: quote(values.get(match[1], match[0]), safe=""), template)


@dataclass(frozen=True)
class Index:
    """The links of a broker's index, reached through `base_url`."""

    base_url: str
    links: Mapping[str, Any]

    def find(self, relation: str, **values: str) -> str:
        """Return the URL of a relation with these values filled in; raises NotABroker without such a link."""
        link = self.links.get(relation)
        if not isinstance(link, dict) or not isinstance(link.get("href"), str):
            raise NotABroker(
                f"The index of {self.base_url} offers no {relation}. Is this really a broker, and new enough?"
            )
        return self.locate(expand(link["href"], **values))

    def locate(self, href: str) -> str:
        """Return a broker's link as a URL that leads to the broker by the way that the user named.

        A broker behind a proxy or in a container may know itself by another address than its clients do.
        Raises NotABroker for a link to anywhere else, which must not see the credentials.
        """
        own = self._own_url()
        if own and (href == own or href.startswith((f"{own}/", f"{own}?"))):
            return self.base_url + href[len(own) :]
        url = urljoin(f"{self.base_url}/", href)
        if urlsplit(url)[:2] != urlsplit(self.base_url)[:2]:
            raise NotABroker(
                f"The broker at {self.base_url} sent the link {href}, which leads elsewhere. "
                "Its own base URL setting is probably wrong."
            )
        return url

    def _own_url(self) -> str:
        link = self.links.get("self")
        href = link.get("href") if isinstance(link, dict) else None
        return href.rstrip("/") if isinstance(href, str) else ""
