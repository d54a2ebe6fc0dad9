"""What a run of a consumer's tests records."""

import pytest

from plugin.consumer.consumer_suite import Suite, summary

RESERVE = """
def test_reserves_two_units(inventory):
    (
        inventory.given("a sku in stock", sku="sku-1", qty=5)
        .given("the shop is open")
        .expect("reserve two units")
        .post("/reservations", json={"sku": "sku-1", "qty": like(2)}, headers={"X-Tenant": "eu"})
        .reply(201, json={"id": like("r-1"), "state": "held"})
    )
    answer = requests.post(
        f"{inventory.url}/reservations", json={"sku": "sku-1", "qty": 7}, headers={"X-Tenant": "eu"}
    )
    assert (answer.status_code, answer.json()) == (201, {"id": "r-1", "state": "held"})
"""


def test_a_passing_test_is_recorded(suite: Suite) -> None:
    """What a passing test declared is in the contract, with the test that owns it, and the run says so."""
    suite.write("tests/test_client.py", RESERVE)
    result = suite.run()
    assert result.ret == 0
    assert summary(result) == ["recorded  contracts/checkout-inventory.json  1 interaction (+1 -0 ~0)"]
    json_type = {"Content-Type": ["application/json"]}
    assert suite.contract() == {
        "consumer": {"name": "checkout"},
        "provider": {"name": "inventory"},
        "interactions": [
            {
                "type": "Synchronous/HTTP",
                "description": "reserve two units",
                "pending": False,
                "comments": {"testname": "tests/test_client.py::test_reserves_two_units"},
                "providerStates": [
                    {"name": "a sku in stock", "params": {"sku": "sku-1", "qty": 5}},
                    {"name": "the shop is open"},
                ],
                "request": {
                    "method": "POST",
                    "path": "/reservations",
                    "headers": {**json_type, "X-Tenant": ["eu"]},
                    "body": {
                        "content": {"sku": "sku-1", "qty": 2},
                        "contentType": "application/json",
                        "encoded": False,
                    },
                    "matchingRules": {"body": {"$.qty": {"combine": "AND", "matchers": [{"match": "type"}]}}},
                },
                "response": {
                    "status": 201,
                    "headers": json_type,
                    "body": {
                        "content": {"id": "r-1", "state": "held"},
                        "contentType": "application/json",
                        "encoded": False,
                    },
                    "matchingRules": {"body": {"$.id": {"combine": "AND", "matchers": [{"match": "type"}]}}},
                },
            }
        ],
        "metadata": {"pactSpecification": {"version": "4.0"}},
    }


@pytest.mark.parametrize("specification", [2, 3])
def test_an_older_specification_is_written_as_asked(suite: Suite, specification: int) -> None:
    """`contracts_spec` picks the specification; the owning test is noted beside the interactions."""
    suite.configure(f'contracts_spec = "{specification}"')
    suite.write(
        "test_client.py",
        """
        def test_counts(inventory):
            inventory.given("stock").expect("count").get("/stock").reply(200, json={"units": like(3)})
            assert requests.get(inventory.url + "/stock").json() == {"units": 3}
        """,
    )
    assert suite.run().ret == 0
    assert suite.run().ret == 0
    (interaction,) = suite.contract()["interactions"]
    found = interaction.get("providerState"), interaction.get("providerStates")
    assert found == {2: ("stock", None), 3: (None, [{"name": "stock"}])}[specification]
    metadata = suite.contract()["metadata"]
    assert metadata["pactSpecification"] == {"version": f"{specification}.0.0"}
    assert list(metadata["tallystick"]["tests"].values()) == ["test_client.py::test_counts"]


def test_only_a_passing_test_is_recorded(suite: Suite) -> None:
    """A test that did not pass, or passed where it should not, proves nothing and records nothing."""
    suite.write(
        "test_client.py",
        """
        def declare(inventory, name):
            inventory.expect(name).get("/" + name).reply(204)

        def call(inventory, name):
            declare(inventory, name)
            requests.get(f"{inventory.url}/{name}")

        def test_passes(inventory):
            call(inventory, "passes")

        def test_fails(inventory):
            call(inventory, "fails")
            assert not "mine"

        @pytest.mark.xfail
        def test_expected_to_fail(inventory):
            call(inventory, "xfails")
            assert not "mine"

        @pytest.mark.xfail(strict=False)
        def test_passes_though_expected_to_fail(inventory):
            call(inventory, "xpasses")

        def test_never_calls(inventory):
            declare(inventory, "uncalled")

        def test_skips(inventory):
            call(inventory, "skips")
            pytest.skip("later")

        @pytest.fixture
        def mess():
            yield
            assert not "clean"

        def test_fails_in_its_teardown(mess, inventory):
            call(inventory, "tears down")
        """,
    )
    result = suite.run()
    result.assert_outcomes(passed=2, failed=2, xfailed=1, xpassed=1, skipped=1, errors=1)
    assert suite.descriptions() == ["passes"]


def test_only_a_passing_unittest_or_subtest_is_recorded(suite: Suite) -> None:
    """Failures that pytest learns of in other ways than by an exception count as well."""
    suite.write(
        "test_client.py",
        """
        import unittest

        class TestClient(unittest.TestCase):
            @pytest.fixture(autouse=True)
            def mock(self, inventory):
                self.inventory = inventory

            def call(self, name):
                self.inventory.expect(name).get("/" + name).reply(204)
                requests.get(f"{self.inventory.url}/{name}")

            def test_passes(self):
                self.call("passes")

            def test_fails(self):
                self.call("fails")
                self.fail("mine")

            def test_skips(self):
                self.call("skips")
                self.skipTest("later")

        def test_with_parts(subtests, inventory):
            inventory.expect("parts").get("/parts").reply(204)
            requests.get(inventory.url + "/parts")
            with subtests.test("one"):
                assert not "mine"
        """,
    )
    suite.run()
    assert suite.descriptions() == ["passes"]


def test_one_test_declares_several_interactions_with_several_providers(suite: Suite) -> None:
    """Each provider has a mock and a contract of its own, and each takes any number of interactions."""
    suite.add_to_conftest('prices = tallystick.consumes("prices")\n')
    suite.write(
        "test_client.py",
        """
        def test_buys(inventory, prices):
            inventory.expect("count").get("/stock").reply(200, json=3)
            inventory.expect("reserve").post("/reservations").reply(201)
            prices.given("a sale").expect("price").get("/price", query={"sku": ["a", "b"]}).reply(200, json=[1, 2])
            assert requests.get(inventory.url + "/stock").json() == 3
            assert requests.post(inventory.url + "/reservations").status_code == 201
            assert requests.get(prices.url + "/price?sku=a&sku=b").json() == [1, 2]
        """,
    )
    assert suite.run().ret == 0
    assert suite.descriptions("inventory") == ["count", "reserve"]
    assert suite.contract("prices")["interactions"][0]["request"]["query"] == {"sku": ["a", "b"]}


def test_two_tests_may_share_an_interaction(suite: Suite) -> None:
    """The same declaration in two tests is one interaction, which the first of them by name owns."""
    suite.write(
        "test_client.py",
        """
        @pytest.mark.parametrize("name", ["b", "a"])
        def test_ping(inventory, name):
            inventory.expect("ping").get("/ping").reply(204)
            requests.get(inventory.url + "/ping")
        """,
    )
    assert suite.run().ret == 0
    (interaction,) = suite.contract()["interactions"]
    assert interaction["comments"]["testname"] == "test_client.py::test_ping[a]"


def test_a_fixture_may_live_in_the_test_module(suite: Suite) -> None:
    """`consumes` can be said where its only tests are, and may name another consumer."""
    suite.write(
        "test_client.py",
        """
        import tallystick

        users = tallystick.consumes("users", consumer="backoffice")

        class TestUsers:
            def test_ping(self, users):
                users.expect("ping").get("/ping").reply(204)
                requests.get(users.url + "/ping")
        """,
    )
    assert suite.run().ret == 0
    assert (suite.pytester.path / "contracts" / "backoffice-users.json").exists()


def test_a_suite_without_contracts_is_left_alone(suite: Suite) -> None:
    """Without a declaration no file is written and nothing is said, even when a fixture is asked for."""
    suite.write("test_client.py", "def test_nothing(inventory):\n    assert inventory.url\n")
    result = suite.run()
    assert result.ret == 0
    assert summary(result) == []
    assert not (suite.pytester.path / "contracts").exists()


def test_the_folder_can_be_chosen(suite: Suite, monkeypatch: pytest.MonkeyPatch) -> None:
    """`contracts_dir` is relative to the root folder, `--contracts-dir` to where pytest was started, and wins."""
    suite.configure('contracts_dir = "pacts"')
    suite.write("tests/test_client.py", RESERVE)
    monkeypatch.chdir(suite.pytester.path / "tests")
    for arguments, path in ((), "pacts"), (("--contracts-dir", "build/pacts"), "tests/build/pacts"):
        result = suite.run(*arguments)
        assert result.ret == 0
        assert (suite.pytester.path / path / "checkout-inventory.json").exists()
        assert summary(result) == [f"recorded  {path}/checkout-inventory.json  1 interaction (+1 -0 ~0)"]
