"""State functions: how states of a contract become fixtures, and what is said when they do not."""

from typing import Any

import pytest

from plugin.consumer.consumer_suite import summary
from plugin.provider.provider_suite import ASKS_FOR_TEA, TEA, Suite, has_lines, interaction

NOTES = """
import tallystick

@pytest.fixture(scope="session")
def notes():
    return []

@tallystick.state("a")
def state_a(notes, stock):
    notes.append("set up a")
    stock["tea"] = 1
    yield
    notes.append("tear down a")

@tallystick.state("b")
def state_b(notes, app):
    notes.append("set up b")
    yield
    notes.append("tear down b")
    if "fails" in notes:
        raise OSError("b is stuck")

@tallystick.state("c")
def state_c(notes):
    notes.append("set up c")
    raise OSError("no room for c")
"""


def test_parameters_are_filled_from_contract_pattern_and_fixtures(suite: Suite) -> None:
    """A group of the pattern wins over a parameter, that over a name of ours, those over fixtures."""
    suite.add_contract(
        interaction("a", ("user ann with 2 orders", {"role": "admin", "orders": 9, "from": 1})),
        interaction("b", ("exactly.this", {"name": "bob"})),
        interaction("c", ("exactly.this", {})),
        interaction("d", ("anything", {"x": [1, {"y": None}]})),
    )
    suite.add_to_conftest(
        r"""
        @tallystick.state(r"user (?P<name>\w+) with (?P<orders>\d+) orders?")
        def user(name, orders, role, params, state, stock, request, note="none", *rest):
            assert (name, orders, role, note, rest) == ("ann", "2", "admin", "none", ())
            assert params == {"name": "ann", "orders": "2", "role": "admin", "from": 1}
            assert state == "user ann with 2 orders"
            assert request.node.name.startswith("test_honours_its_contracts")
            stock["tea"] = 1

        @tallystick.state("exactly.this")
        def exactly(stock, name="nobody"):
            stock["tea"] = name

        @tallystick.state("any.*")
        def anything(stock, **everything):
            assert everything == {"x": [1, {"y": None}]}
            stock["tea"] = 1
        """
    )
    result = suite.run()
    result.assert_outcomes(passed=4)


def test_states_are_torn_down_in_reverse_order(suite: Suite) -> None:
    """What follows a yield runs after the verification, the last state first, also after a failure."""
    two: list[tuple[str, dict[str, Any]]] = [("a", {}), ("b", {})]
    suite.add_to_conftest(NOTES)
    suite.add_contract(
        interaction("works", *two),
        interaction("differs", *two, status=404),
        interaction("fails", *two, ("c", {})),
    )
    suite.write(
        "test_contracts.py",
        """
        def test_honours_its_contracts(contract, app, notes):
            notes.clear()
            try:
                contract.verify(app)
            finally:
                print(contract.description, *notes, sep=", ")
        """,
    )
    result = suite.run("-s")
    result.assert_outcomes(passed=1, failed=2)
    result.stdout.fnmatch_lines_random(
        [
            "*works, set up a, set up b, tear down b, tear down a",
            "*differs, set up a, set up b, tear down b, tear down a",
            "*fails, set up a, set up b, set up c, tear down b, tear down a",
            ">*raise OSError(*no room for c*)",
            "E *OSError: no room for c",
        ]
    )
    result.stdout.no_fnmatch_line("*pytest_plugin*")


def test_a_failing_teardown_fails_the_test(suite: Suite) -> None:
    """What a state leaves undone would spoil the next test; the states before it are torn down even so."""
    suite.add_to_conftest(NOTES)
    suite.add_contract(interaction("works", ("a", {}), ("b", {})))
    suite.write(
        "test_contracts.py",
        """
        import pytest

        def test_honours_its_contracts(contract, app, notes):
            notes.append("fails")
            with pytest.raises(OSError, match="b is stuck"):
                contract.verify(app)
            assert notes[-1] == "tear down a"
        """,
    )
    result = suite.run()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["checkout: works *the contract was not honoured, but the test went on"])


def test_a_states_values_feed_the_contracts_generators(suite: Suite) -> None:
    """What a state returns or yields stands where the contract's provider-state generators want it."""
    suite.add_contract(
        interaction(
            "ask for the newest",
            ("there is a newest", {}),
            request={
                "method": "GET",
                "path": "/stock/1",
                "generators": {"path": {"type": "ProviderState", "expression": "/stock/${sku}"}},
            },
            reply={"sku": "7c0c8e76-2d4b-4c88-8f4f-5be1e0b4ff5e"},
        )
    )
    suite.add_to_conftest(
        """
        from uuid import UUID

        @tallystick.state("there is a newest")
        def newest(stock):
            key = UUID("7c0c8e76-2d4b-4c88-8f4f-5be1e0b4ff5e")
            stock[str(key)] = 3
            yield {"sku": key}
        """
    )
    suite.run().assert_outcomes(passed=1)


def test_an_unknown_state_fails_with_a_stub_to_paste(suite: Suite) -> None:
    """The stub takes the state's parameters, and works once it is pasted."""
    suite.add_contract(
        interaction("ask", ("There is stock, again!", {"sku": "tea", "class": 1, "of it": 2}), status=500),
        interaction("ask in Norse", ('42 "ø"', {}), status=500),
    )
    result = suite.run()
    result.assert_outcomes(failed=2)
    stub = ['@tallystick.state("There is stock, again!")', "def there_is_stock_again(sku):", "    ..."]
    other = ['@tallystick.state("42 \\"ø\\"")', "def state_42_ø():", "    ..."]
    assert has_lines(
        str(result.stdout),
        [
            "checkout expects of inventory: ask",
            "  no state function for 'There is stock, again!' (close: 'there is stock'). "
            "Paste this into conftest.py and fill it in:",
            "",
            *stub,
        ],
    )
    assert has_lines(str(result.stdout), other)
    assert str(result.stdout).count("no state function for '42") == 1
    suite.add_to_conftest("\n".join([*stub, "", *other]))
    suite.run().stdout.no_fnmatch_line("*no state function*")


def test_wrong_state_functions_fail_with_a_reason(suite: Suite) -> None:
    """Each mistake is a failure of the test that comes across it, and says what to change."""
    names = (
        "any of two",
        "needs more",
        "gives a list",
        "gives a set",
        "yields never",
        "yields twice",
        "skips",
    )
    suite.add_contract(*(interaction(name, (name, {"sku": "tea"})) for name in names))
    suite.add_to_conftest(
        """
        @pytest.fixture(autouse=True)
        def some_tea(stock):
            stock["tea"] = 1

        tallystick.state("any of .*")(lambda: None)
        tallystick.state(".* of two")(lambda: None)
        tallystick.state("needs more")(lambda colour: None)
        tallystick.state("gives a list")(lambda: [1])
        tallystick.state("gives a set")(lambda: {"a": {1}})

        @tallystick.state("yields never")
        def never():
            if pytest is None:
                yield

        @tallystick.state("yields twice")
        def twice():
            yield
            yield

        @tallystick.state("skips")
        def skips():
            pytest.skip("not on this machine")
        """
    )
    result = suite.run()
    result.assert_outcomes(failed=6, skipped=1)
    result.stdout.fnmatch_lines(
        [
            "  state 'any of two' fits several state functions: 'any of .[*]' (*conftest.py:*), '.[*] of two' (*",
            "  state 'needs more' (*conftest.py:*) asks for 'colour', which is neither a fixture nor a parameter "
            "of the state in the contract (it has: sku)",
            "  state 'gives a list' (*) gave a list: return or yield a dict of values for the contract, or nothing",
            "  state 'gives a set' (*) gave a value that is not JSON: *",
            "  state 'yields never' (*conftest.py:*) did not yield",
            "  state 'yields twice' (*conftest.py:*) yielded more than once",
        ]
    )


def test_a_fixture_that_fails_in_a_state_tells_its_own_story(suite: Suite) -> None:
    """A fixture that needs another which is not there, or raises, is shown as in any other test."""
    suite.add_contract(interaction("ask", ("odd", {})), interaction("ask twice", ("worse", {})))
    suite.add_to_conftest(
        """
        @pytest.fixture
        def needs(unheard_of):
            pass

        @pytest.fixture
        def raises():
            raise OSError("no database")

        tallystick.state("odd")(lambda needs: None)
        tallystick.state("worse")(lambda raises: None)
        """
    )
    result = suite.run()
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(["*fixture 'unheard_of' not found", "E *OSError: no database"])


def test_two_functions_for_one_state_are_refused(suite: Suite) -> None:
    """Where a second one is declared the run stops, and both places are named."""
    suite.add_contract(ASKS_FOR_TEA)
    suite.add_to_conftest('tallystick.state("there is stock")(lambda: None)')
    result = suite.run()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        [
            "*FunctionError: state 'there is stock' is declared twice: *conftest.py:22 and *conftest.py:*",
        ]
    )


def test_states_may_live_in_modules_of_their_own(suite: Suite) -> None:
    """A module of states is imported like any other, more than once if need be."""
    suite.add_contract(interaction("ask", ("there is coffee", {}), path="/stock/coffee"))
    suite.write(
        "shop_states.py",
        """
        import tallystick

        @tallystick.state("there is coffee")
        def there_is_coffee(stock):
            stock["coffee"] = 1
        """,
    )
    suite.configure('pythonpath = ["."]')
    suite.add_to_conftest("import importlib, shop_states\nimportlib.reload(shop_states)")
    suite.run().assert_outcomes(passed=1)


def test_a_state_without_parameters_uses_its_defaults(suite: Suite) -> None:
    """What the contract does not say is the function's to choose."""
    suite.add_contract(interaction("ask for tea", TEA, reply={"available": 5}))
    suite.run().assert_outcomes(passed=1)


def test_missing_functions_are_printed_at_once(suite: Suite) -> None:
    """`--contracts-missing-states` runs no test, prints a function for each state and message that has none."""
    suite.add_contract(
        ASKS_FOR_TEA,
        interaction("a", ("an order", {"id": 1})),
        interaction("b", ("an order", {"sku": "tea"}), ("it rains", {})),
        {"type": "Asynchronous/Messages", "description": "order placed", "contents": {"content": {}}},
    )
    stubs = [
        *('@tallystick.state("an order")', "def an_order(id, sku):", "    ...", "", ""),
        *('@tallystick.state("it rains")', "def it_rains():", "    ...", "", ""),
        *('@tallystick.message("order placed")', "def order_placed():", "    return {}"),
    ]
    result = suite.run("--contracts-missing-states", "-n", "2")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert has_lines(str(result.stdout), stubs)
    suite.add_to_conftest("\n".join(stubs))
    result = suite.run("--contracts-missing-states")
    assert result.ret == 0
    result.stdout.fnmatch_lines(["every state and message has its function"])


@pytest.mark.parametrize("workers", ["0", "1"])
def test_unused_functions_are_told(suite: Suite, workers: str) -> None:
    """A function for a state or message that no contract names is in the summary, with its place."""
    suite.add_contract(ASKS_FOR_TEA)
    suite.add_to_conftest(
        """
        tallystick.state("user is locked")(lambda: None)
        tallystick.state("there is .*ck")(lambda: None)
        tallystick.message("there is stock")(lambda: None)
        """
    )
    result = suite.run("-n", workers)
    result.assert_outcomes(passed=1)
    assert summary(result) == [
        "verified inventory for checkout  1/1 honoured",
        'unused    message "there is stock" (conftest.py:29) is used by no contract',
        'unused    state "user is locked" (conftest.py:27) is used by no contract',
    ]
