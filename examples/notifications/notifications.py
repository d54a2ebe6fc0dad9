"""The notifications: tell the buyers what is running low."""

import requests

SECONDS = 5


def find_scarce(inventory_url: str, limit: int) -> dict[str, int]:
    """Return how much is left of everything that there is less of than the limit."""
    answer = requests.get(f"{inventory_url}/stock", params={"below": limit}, timeout=SECONDS)
    answer.raise_for_status()
    return {item["sku"]: item["available"] for item in answer.json()["items"]}


def write_message(scarce: dict[str, int]) -> str:
    """Return the message to the buyers."""
    if not scarce:
        return "There is enough of everything."
    return "Please order " + ", ".join(f"{sku} ({left} left)" for sku, left in scarce.items()) + "."
