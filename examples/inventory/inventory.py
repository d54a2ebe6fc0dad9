"""The inventory: how much of everything is in stock, and what is held for orders.

Run it with `flask --app inventory run`.
"""

import sqlite3
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from flask import Flask, request

HOLD = timedelta(minutes=30)
SCHEMA = """
CREATE TABLE IF NOT EXISTS stock (sku TEXT PRIMARY KEY, available INTEGER NOT NULL CHECK (available >= 0));
CREATE TABLE IF NOT EXISTS reservations (id TEXT PRIMARY KEY, sku TEXT NOT NULL, quantity INTEGER NOT NULL);
"""

Answer = tuple[dict[str, Any], int]


@dataclass(frozen=True)
class Reservation:
    """What is held for an order, and until when."""

    id: str
    sku: str
    quantity: int
    held_until: str


class Store:
    """Stock and reservations in a SQLite file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with closing(self._connect()) as database:
            database.executescript(SCHEMA)

    def put(self, sku: str, available: int) -> None:
        """Say how much of a sku is there."""
        with closing(self._connect()) as database, database:
            database.execute("INSERT OR REPLACE INTO stock VALUES (?, ?)", (sku, available))

    def count(self, sku: str) -> int:
        """Return how much of a sku is there; nothing of an unknown one."""
        with closing(self._connect()) as database:
            row = database.execute("SELECT available FROM stock WHERE sku = ?", (sku,)).fetchone()
        return row[0] if row else 0

    def list_below(self, limit: int) -> list[dict[str, Any]]:
        """Return what there is less of than the limit, the scarcest first."""
        query = "SELECT sku, available FROM stock WHERE available < ? ORDER BY available, sku"
        with closing(self._connect()) as database:
            return [
                {"sku": sku, "available": available} for sku, available in database.execute(query, (limit,))
            ]

    def reserve(self, sku: str, quantity: int) -> Reservation | None:
        """Hold some of a sku for a while, or return None when there is not enough."""
        held_until = (datetime.now(UTC) + HOLD).isoformat(timespec="seconds")
        reservation = Reservation(str(uuid4()), sku, quantity, held_until)
        take = (
            "UPDATE stock SET available = available - :quantity WHERE sku = :sku AND available >= :quantity"
        )
        with closing(self._connect()) as database, database:
            if database.execute(take, {"sku": sku, "quantity": quantity}).rowcount == 0:
                return None
            database.execute("INSERT INTO reservations VALUES (?, ?, ?)", (reservation.id, sku, quantity))
        return reservation

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path)


def create_app(store: Store | None = None) -> Flask:
    """Return the service on this store, or on one in the current folder."""
    app = Flask("inventory")
    stock = store or Store(Path("inventory.db"))

    @app.get("/stock")
    def list_stock() -> Answer:
        return {"items": stock.list_below(request.args.get("below", default=10, type=int))}, 200

    @app.get("/stock/<sku>")
    def show_stock(sku: str) -> Answer:
        return {"sku": sku, "available": stock.count(sku)}, 200

    @app.post("/reservations")
    def reserve() -> Answer:
        order = request.get_json()
        reservation = stock.reserve(order["sku"], order["quantity"])
        if reservation is None:
            return {"error": "there is not enough of it", "available": stock.count(order["sku"])}, 409
        return asdict(reservation), 201

    return app
