"""Recording from several processes at once."""

import json

import pytest

from plugin.consumer.consumer_suite import Suite, summary

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


CROWD = """
@pytest.mark.parametrize("number", range(400))
def test_crowd(inventory, number):
    inventory.given("item", id=number).expect(f"show {number}").get(f"/items/{number}").reply(200, json=like(number))
    assert requests.get(f"{inventory.url}/items/{number}").json() == number
"""
DEADLY = """
    if number == 200 and not pytestconfig.rootpath.joinpath("killed").exists():
        pytestconfig.rootpath.joinpath("killed").touch()
        os.kill(os.getpid(), signal.SIGKILL)
"""


def test_eight_workers_lose_nothing_but_what_was_killed(suite: Suite) -> None:
    """Of 400 interactions of eight workers, one of which is killed, 399 arrive, and those byte for byte."""
    suite.write("test_client.py", CROWD)
    assert suite.run("-pno:xdist", "-q").ret == 0
    whole = suite.contract()
    assert len(whole["interactions"]) == 400
    suite.remove("contracts/checkout-inventory.json")
    deadly = CROWD.replace("number):", "number, pytestconfig):") + DEADLY
    suite.write("test_client.py", "import os\nimport signal\n\n" + deadly)
    assert suite.run("-n8", "-q").ret == 1
    whole["interactions"] = [each for each in whole["interactions"] if each["description"] != "show 200"]
    assert len(suite.contract()["interactions"]) == 399
    assert suite.text() == json.dumps(whole, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
