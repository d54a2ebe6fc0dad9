"""What other services expect of the payments: pytest runs this test once for each interaction."""

from typing import Any

import tallystick
from aiosqlite import Connection
from fastapi import FastAPI

from payments import settle, tell


def test_honours_its_contracts(contract: tallystick.Contract, app: FastAPI) -> None:
    contract.verify(app)


@tallystick.state("an order is paid")
async def an_order_is_paid(database: Connection, order: str, cents: int) -> dict[str, int]:
    return {"payment_id": await settle(database, order, cents)}


@tallystick.message("payment settled")
async def payment_settled(database: Connection, order: str) -> tuple[dict[str, Any], dict[str, str]]:
    return await tell(database, order), {"topic": "payments"}
