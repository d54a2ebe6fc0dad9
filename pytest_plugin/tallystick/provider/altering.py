"""What a test suite changes about a consumer's request before it reaches the app."""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tallystick.provider.exchange import Request

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


class Headers(MutableMapping[str, str]):
    """Headers by name, whatever its case; a repeated one has its values in one text (RFC 9110, 5.3)."""

    def __init__(self, items: Iterable[tuple[str, str]] = ()) -> None:
        self._items: dict[str, tuple[str, str]] = {}
        for name, value in items:
            self[name] = f"{self[name]}, {value}" if name in self else value

    def __getitem__(self, name: str) -> str:
        return self._items[name.lower()][1]

    def __setitem__(self, name: str, value: str) -> None:
        if not isinstance(value, str):
            raise TypeError(f"the value of header {name} must be text, not {type(value).__name__}")
        self._items[name.lower()] = (name, value)

    def __delitem__(self, name: str) -> None:
        del self._items[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return (name for name, _ in self._items.values())

    def __len__(self) -> int:
        return len(self._items)

    def __repr__(self) -> str:
        return f"Headers({', '.join(self)})"


@dataclass
class Draft:
    """A request on its way to the app; `target` is its path and query, percent-encoded."""

    method: str
    target: str
    headers: Headers
    body: bytes

    @classmethod
    def of(cls, request: Request) -> Draft:
        """A draft of this request."""
        return cls(request.method, request.target, Headers(request.headers), request.body)

    def finish(self) -> Request:
        """The request as it is sent."""
        if self.body or "Content-Length" in self.headers:
            self.headers["Content-Length"] = str(len(self.body))
        return Request(self.method, self.target, tuple(self.headers.items()), self.body)


class RecordedRequest:
    """The request as the consumer recorded it: `method`, `path`, and `headers` that may be changed."""

    def __init__(self, recorded: Mapping[str, Any]) -> None:
        self.method: str = str(recorded.get("method", "GET")).upper()
        self.path: str = str(recorded.get("path", "/"))
        self.headers: Headers = Headers(_headers(recorded.get("headers")))
        self._recorded = dict(self.headers)

    def apply(self, draft: Draft) -> None:
        """Make the same changes to the request that is sent, whose values may come from generators."""
        for name in self._recorded:
            if name not in self.headers:
                draft.headers.pop(name, None)
        for name, value in self.headers.items():
            if self._recorded.get(name) != value:
                draft.headers[name] = value


def differences(before: Request, after: Request) -> tuple[str, ...]:
    """Name what was changed about a request."""
    names = ("method", before.method, after.method), ("path", before.target, after.target)
    found = [name for name, old, new in (*names, ("body", before.body, after.body)) if old != new]
    old, new = Headers(before.headers), Headers(after.headers)
    changed = [name for name in new if old.get(name) != new[name] and name.lower() != "content-length"]
    return (*found, *(f"header {name}" for name in [*changed, *(name for name in old if name not in new)]))


def _headers(recorded: Any) -> Iterator[tuple[str, str]]:
    """The headers in any specification's spelling: a name has a text, or a list of texts."""
    for name, value in recorded.items() if isinstance(recorded, dict) else ():
        yield str(name), ", ".join(map(str, value)) if isinstance(value, list) else str(value)
