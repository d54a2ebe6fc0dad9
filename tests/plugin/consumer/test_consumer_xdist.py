"""Recording from several processes at once."""

import pytest

from plugin.consumer.consumer_suite import Suite, summary
from plugin_workers import suite as crowd
from plugin_workers import without

MANY = """
@pytest.mark.parametrize("number", range(12))
def test_many(inventory, number):
    inventory.given("item", id=number).expect("show").get(f"/items/{number}").reply(200, json={"id": number})
    assert requests.get(f"{inventory.url}/items/{number}").json() == {"id": number}

@pytest.mark.xdist_group("alone")
def test_in_a_group(inventory):
    inventory.expect("count").get("/items").reply(200, json=12)
    assert requests.get(inventory.url + "/items").json() == 12
"""


@pytest.fixture
def many(suite: Suite) -> Suite:
    """A suite that was recorded without workers."""
    suite.configure('markers = ["xdist_group"]')
    suite.write("test_client.py", MANY)
    assert suite.run().ret == 0
    assert len(suite.descriptions()) == 13
    return suite


@pytest.mark.parametrize("distribution", ["load", "loadgroup"])
def test_workers_record_the_same_bytes(many: Suite, distribution: str) -> None:
    """The controller writes once what all workers recorded, however the tests are spread."""
    before = many.text()
    for path in (many.pytester.path / "contracts").iterdir():
        path.unlink()
    result = many.run("-n", "2", "--dist", distribution)
    assert result.ret == 0, result.outlines
    assert many.text() == before
    assert summary(result) == ["recorded  contracts/checkout-inventory.json  13 interactions (+13 -0 ~0)"]


def test_workers_tell_which_tests_are_gone(many: Suite) -> None:
    """What lost its test is removed under xdist as well."""
    many.write("test_client.py", MANY.replace("range(12)", "range(4)"))
    assert many.run("-n", "2").ret == 0
    assert len(many.descriptions()) == 5


def test_eight_workers_lose_nothing_but_what_was_killed(suite: Suite) -> None:
    """Of 80 interactions of eight workers, one of which is killed, 79 arrive, and those byte for byte."""
    (suite.pytester.path / "test_client.py").write_text(crowd(80), encoding="utf-8")
    assert suite.run("-pno:xdist", "-q").ret == 0
    whole = suite.text()
    suite.remove("contracts/checkout-inventory.json")
    (suite.pytester.path / "test_client.py").write_text(crowd(80, deadly=40), encoding="utf-8")
    assert suite.run("-n8", "-q").ret == 1
    assert len(suite.descriptions()) == 79
    assert suite.text() == without(whole, 40)
