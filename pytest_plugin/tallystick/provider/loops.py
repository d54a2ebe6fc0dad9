"""The event loop of a test: that of its async fixtures, where its ASGI app and its async states run too."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine, Iterator

__tracebackhide__ = True


def run(request: pytest.FixtureRequest, coroutine: Coroutine[Any, Any, Any]) -> Any:
    """What the coroutine returns, on the loop of this test; what it raises goes through.

    Raises TypeError in an async test, whose loop is occupied by the test itself.
    """
    if _is_running():
        coroutine.close()
        raise TypeError(
            "contract.verify was called in an async test: write the test with a plain def. "
            "The app and async states run on the loop of the test's async fixtures all the same"
        )
    loop: asyncio.AbstractEventLoop = request.getfixturevalue(_choose(request))
    return loop.run_until_complete(coroutine)


def _is_running() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _choose(request: pytest.FixtureRequest) -> str:
    """The name of the fixture that has the loop, from whichever plugin runs this test's async fixtures."""
    manager = request.config.pluginmanager
    this = sys.modules[__name__]
    if not manager.is_registered(this):
        asyncio_plugin: Any = manager.getplugin("asyncio")
        if asyncio_plugin:
            vars(this)["_asyncio"] = asyncio_plugin.fixture(name="_contract_asyncio_loop")(_running_loop)
        manager.register(this, "tallystick-loops")
    if "anyio_backend" in request.fixturenames:
        return "_contract_anyio_loop"
    return "_contract_asyncio_loop" if manager.has_plugin("asyncio") else "_contract_loop"


async def _running_loop() -> AsyncIterator[asyncio.AbstractEventLoop]:
    """The loop, held open for the length of the test."""
    yield asyncio.get_running_loop()


@pytest.fixture(name="_contract_anyio_loop")
async def _anyio(anyio_backend_name: str) -> AsyncIterator[asyncio.AbstractEventLoop]:
    if anyio_backend_name != "asyncio":
        raise TypeError(f"apps and states run on asyncio, not on {anyio_backend_name}: set anyio_backend")
    async for loop in _running_loop():
        yield loop


@pytest.fixture(name="_contract_loop")
def _own() -> Iterator[asyncio.AbstractEventLoop]:
    with asyncio.Runner() as runner:
        yield runner.get_loop()
