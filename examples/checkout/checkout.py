"""The checkout: takes an order when the inventory holds the goods for it."""

from dataclasses import dataclass
from datetime import datetime

import requests

SECONDS = 5


@dataclass(frozen=True)
class Reservation:
    """What the inventory holds for us."""

    id: str
    held_until: datetime


class NotEnoughError(Exception):
    """There is less than was ordered."""

    def __init__(self, available: int) -> None:
        super().__init__(f"only {available} left")
        self.available = available


class Inventory:
    """The inventory service, as far as the checkout uses it."""

    def __init__(self, url: str) -> None:
        self._url = url

    def count(self, sku: str) -> int:
        """Return how much of a sku is there."""
        answer = requests.get(f"{self._url}/stock/{sku}", timeout=SECONDS)
        answer.raise_for_status()
        return int(answer.json()["available"])

    def reserve(self, sku: str, quantity: int) -> Reservation:
        """Have some of a sku held for us; raises NotEnoughError."""
        order = {"sku": sku, "quantity": quantity}
        answer = requests.post(f"{self._url}/reservations", json=order, timeout=SECONDS)
        if answer.status_code == requests.codes.conflict:
            raise NotEnoughError(answer.json()["available"])
        answer.raise_for_status()
        held = answer.json()
        return Reservation(held["id"], datetime.fromisoformat(held["held_until"]))


def take_order(inventory: Inventory, sku: str, quantity: int) -> str:
    """Return what to tell the customer."""
    try:
        reservation = inventory.reserve(sku, quantity)
    except NotEnoughError as error:
        return f"Sorry, there are only {error.available} left."
    return f"Yours! Please pay before {reservation.held_until:%H:%M}."
