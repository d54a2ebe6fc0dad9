"""The payments: what was paid for an order, over HTTP and as a message."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiosqlite import Connection
from fastapi import FastAPI, HTTPException

SCHEMA = "CREATE TABLE IF NOT EXISTS payment (id INTEGER PRIMARY KEY, order_number TEXT, cents INTEGER)"


async def settle(database: Connection, order: str, cents: int) -> int:
    """Remember that an order is paid; return the number of the payment."""
    cursor = await database.execute("INSERT INTO payment VALUES (NULL, ?, ?)", (order, cents))
    return cursor.lastrowid or 0


async def tell(database: Connection, order: str) -> dict[str, Any]:
    """Return what others are told when an order is paid."""
    query = "SELECT id, cents FROM payment WHERE order_number = ?"
    async with database.execute(query, (order,)) as rows:
        row = await rows.fetchone()
    if row is None:
        raise LookupError(order)
    return {"id": row[0], "order": order, "cents": row[1]}


def create_app(database: Connection) -> FastAPI:
    """Return the service on this database."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await database.execute(SCHEMA)
        yield

    app = FastAPI(lifespan=lifespan)

    @app.get("/payments/{order}")
    async def show(order: str) -> dict[str, Any]:
        try:
            return await tell(database, order)
        except LookupError as error:
            raise HTTPException(404, "nothing was paid") from error

    return app
