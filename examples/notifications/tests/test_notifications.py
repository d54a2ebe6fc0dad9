from tallystick import Mock, each, integer, like

from notifications import find_scarce, write_message


def test_buyers_are_told_what_is_running_low(inventory: Mock) -> None:
    (
        inventory.given("there is stock", sku="tea", available=2)
        .expect("list what is running low")
        .get("/stock", query={"below": "3"})
        .reply(200, json={"items": each({"sku": like("tea"), "available": integer(2)})})
    )

    assert write_message(find_scarce(inventory.url, 3)) == "Please order tea (2 left)."


def test_buyers_are_left_alone_while_there_is_enough(inventory: Mock) -> None:
    (
        inventory.given("there is stock", sku="tea", available=9)
        .expect("list what is running low while nothing is")
        .get("/stock", query={"below": "3"})
        .reply(200, json={"items": []})
    )

    assert write_message(find_scarce(inventory.url, 3)) == "There is enough of everything."
