from collections.abc import AsyncIterator

import aiosqlite
import pytest
from fastapi import FastAPI

from payments import create_app


@pytest.fixture
async def database() -> AsyncIterator[aiosqlite.Connection]:
    async with aiosqlite.connect(":memory:") as database:
        yield database


@pytest.fixture
def app(database: aiosqlite.Connection) -> FastAPI:
    return create_app(database)
