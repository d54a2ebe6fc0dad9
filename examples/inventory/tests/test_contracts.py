"""What other services expect of the inventory: pytest runs this test once for each interaction."""

import tallystick
from flask import Flask

from inventory import Store


def test_honours_its_contracts(contract: tallystick.Contract, app: Flask) -> None:
    contract.verify(app)


@tallystick.state("there is stock")
def there_is_stock(store: Store, sku: str, available: int) -> None:
    store.put(sku, available)
