from tallystick import Mock, integer, like, uuid

from checkout import Inventory, take_order


def test_an_order_has_its_goods_held(inventory: Mock) -> None:
    (
        inventory.given("there is stock", sku="tea", available=5)
        .expect("reserve two of five")
        .post("/reservations", json={"sku": "tea", "quantity": 2})
        .reply(201, json={"id": uuid(), "held_until": like("2026-11-24T16:30:00+00:00")})
    )

    said = take_order(Inventory(inventory.url), "tea", 2)

    assert said == "Yours! Please pay before 16:30."


def test_an_order_for_too_much_is_declined(inventory: Mock) -> None:
    (
        inventory.given("there is stock", sku="tea", available=1)
        .expect("reserve two of one")
        .post("/reservations", json={"sku": "tea", "quantity": 2})
        .reply(409, json={"available": 1})
    )

    said = take_order(Inventory(inventory.url), "tea", 2)

    assert said == "Sorry, there are only 1 left."


def test_the_stock_is_shown(inventory: Mock) -> None:
    (
        inventory.given("there is stock", sku="tea", available=5)
        .expect("ask how much is left")
        .get("/stock/tea")
        .reply(200, json={"available": integer(5)})
    )

    assert Inventory(inventory.url).count("tea") == 5
