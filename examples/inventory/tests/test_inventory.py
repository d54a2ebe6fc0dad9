from inventory import Store


def test_a_reservation_takes_from_the_stock(store: Store) -> None:
    store.put("tea", 5)
    assert store.reserve("tea", 2)
    assert store.count("tea") == 3


def test_what_is_not_there_cannot_be_reserved(store: Store) -> None:
    store.put("tea", 1)
    assert store.reserve("tea", 2) is None
    assert store.count("tea") == 1
