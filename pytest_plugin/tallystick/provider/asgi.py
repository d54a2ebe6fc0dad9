"""Calls an ASGI 3 app with requests, on a loop of the caller's own thread, from its startup to its shutdown."""

from __future__ import annotations

import asyncio
import logging
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from tallystick.provider.exchange import Request, Response

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator, MutableMapping

    Event = MutableMapping[str, Any]
    App = Callable[[Event, Callable[..., Any], Callable[..., Any]], Coroutine[Any, Any, None]]
    Run = Callable[[Coroutine[Any, Any, Any]], Any]

__tracebackhide__ = True

VERSIONS = {"version": "3.0", "spec_version": "2.4"}


@contextmanager
def serving(app: App, run: Run) -> Iterator[Callable[[Request], Response]]:
    """Start the app (lifespan protocol), yield what gets a response from it, and shut it down.

    `run` runs a coroutine to its end. What the app raises goes through.
    """
    lifespan = _Lifespan(app)
    run(lifespan.start())
    try:
        yield lambda request: run(_call(app, request, lifespan.state))
    finally:
        run(lifespan.stop())


@dataclass
class _Lifespan:
    """The life of an app between its startup and its shutdown, which both happen in one task.

    An app that ends or raises before its startup is complete does not know the protocol, and works without it.
    """

    app: App
    state: dict[str, Any] = field(default_factory=dict)

    async def start(self) -> None:
        """Wait until the app has started."""
        self._incoming: asyncio.Queue[Event] = asyncio.Queue()
        self._outgoing: asyncio.Queue[Event] = asyncio.Queue()
        scope = {"type": "lifespan", "asgi": VERSIONS, "state": self.state}
        self._task = asyncio.create_task(self._live(scope))
        await self._ask("startup")

    async def stop(self) -> None:
        """Wait until the app has shut down."""
        if not self._task.done():
            await self._ask("shutdown")
        self._task.cancel()
        await asyncio.wait([self._task])

    async def _live(self, scope: Event) -> None:
        await self.app(scope, self._incoming.get, self._outgoing.put)

    async def _ask(self, phase: str) -> None:
        self._incoming.put_nowait({"type": f"lifespan.{phase}"})
        answer = asyncio.create_task(self._outgoing.get())
        await asyncio.wait([answer, self._task], return_when=asyncio.FIRST_COMPLETED)
        if not answer.done():
            answer.cancel()
        elif answer.result()["type"] == f"lifespan.{phase}.failed":
            await self._task
            raise RuntimeError(f"the app's {phase} failed: {answer.result().get('message')}")


async def _call(app: App, request: Request, state: dict[str, Any]) -> Response:
    """The app's response to this request, whole, once the app has nothing left to do for it."""
    sent: list[Event] = []
    unread = [{"type": "http.request", "body": request.body, "more_body": False}]
    over = asyncio.Event()

    async def receive() -> Event:
        if unread:
            return unread.pop()
        await over.wait()
        return {"type": "http.disconnect"}

    async def send(event: Event) -> None:
        sent.append(event)
        if _ends(event):
            over.set()

    try:
        await app(_scope(request, state), receive, send)
    except Exception:
        if not any(map(_ends, sent)):
            raise
        # Servers do the same: the client has its response, and the error is left to whoever reads the log.
        logging.getLogger(__name__).exception("the app raised after its response")
    return _response(app, sent)


def _response(app: App, sent: list[Event]) -> Response:
    start = next((event for event in sent if event["type"] == "http.response.start"), None)
    if start is None or not any(map(_ends, sent)):
        raise TypeError(f"{app!r} did not send a whole response: is it an ASGI app?")
    headers = tuple(
        (bytes(name).decode("latin-1"), bytes(value).decode("latin-1"))
        for name, value in start.get("headers", ())
    )
    body = b"".join(event.get("body", b"") for event in sent if event["type"] == "http.response.body")
    return Response(start["status"], "", headers, body)


def _ends(event: Event) -> bool:
    return event["type"] == "http.response.body" and not event.get("more_body", False)


def _scope(request: Request, state: dict[str, Any]) -> Event:
    path, _, query = request.target.partition("?")
    hosts = (value for name, value in request.headers if name.lower() == "host")
    host, _, port = next(hosts, "127.0.0.1").partition(":")
    return {
        "type": "http",
        "asgi": VERSIONS,
        "http_version": "1.1",
        "method": request.method,
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode("latin-1"),
        "query_string": query.encode("latin-1"),
        "root_path": "",
        "headers": [
            (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in request.headers
        ],
        "client": ("127.0.0.1", 0),
        "server": (host, int(port or 80)),
        "state": dict(state),
    }
