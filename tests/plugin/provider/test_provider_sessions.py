"""A verification is an ordinary test: selected, repeated, spread, debugged and interrupted like any other."""

import json
import re

import pytest

from plugin import suites
from plugin.consumer.consumer_suite import summary
from plugin.provider.provider_suite import ASKS_FOR_TEA, ASKS_TOO_MUCH, TEA, Suite, interaction

ODD_NAMES = ("has [brackets] and a::b", "Größe → 1", "x" * 300)


@pytest.fixture
def odd(suite: Suite) -> Suite:
    """A suite whose interactions have names that need care, two of them the same one; four are not honoured."""
    suite.add_contract(
        ASKS_FOR_TEA,
        interaction("ask", TEA, status=404),
        *(interaction(name, TEA, status=404) for name in ODD_NAMES),
        interaction("same", ("there is stock", {"sku": "tea", "available": 1}), reply={"available": 1}),
        interaction("same", ("there is stock", {"sku": "tea", "available": 2}), reply={"available": 2}),
    )
    return suite


def test_tests_are_selected_by_word_and_by_id(odd: Suite) -> None:
    """`-k`, `--lf` and the ids that pytest prints work, whatever consumers call their interactions."""
    result = odd.run("-v")
    result.assert_outcomes(passed=3, failed=4)
    odd.run("--lf").assert_outcomes(failed=4)
    odd.run("-k", "brackets").assert_outcomes(failed=1, deselected=6)
    ids = re.findall(r"^(test_contracts\S*::.*\]) (?:PASSED|FAILED)", str(result.stdout), re.MULTILINE)
    assert len(set(ids)) == 7
    odd.run(*ids[1:]).assert_outcomes(passed=2, failed=4)


def test_workers_share_the_tests(odd: Suite) -> None:
    """With several processes the outcomes are the same, and the summary and the report count all of them."""
    result = odd.run("-n", "2", "--contracts-report=report.json")
    result.assert_outcomes(passed=3, failed=4)
    assert summary(result) == ["verified inventory for checkout  3/7 honoured"]
    report = json.loads((odd.pytester.path / "report.json").read_text(encoding="utf-8"))
    assert report == {
        "name": "inventory",
        "version": None,
        "branch": None,
        "exit_code": 1,
        "recorded": [],
        "verified": [
            {
                "consumer": "checkout",
                "provider": "inventory",
                "origin": "contracts/checkout-inventory.json",
                "pending": False,
                "interactions": 7,
                "ran": 7,
                "honoured": 3,
                "published": None,
            }
        ],
        "summary": summary(result),
    }


def test_a_crashed_worker_leaves_its_interaction_out(suite: Suite) -> None:
    """What a killed process verified before counts; what killed it has not been verified."""
    suite.add_contract(ASKS_FOR_TEA, interaction("dies", ("death", {})))
    suite.add_to_conftest("@tallystick.state('death')\ndef death():\n    __import__('os')._exit(1)\n")
    result = suite.run("-n", "1")
    result.assert_outcomes(passed=1, failed=1)
    assert summary(result) == ["verified inventory for checkout  1/2 honoured, 1 did not run"]


def test_a_view_and_a_state_can_be_debugged(suite: Suite) -> None:
    """A breakpoint in a state or in the app stops on the terminal, as long as it takes; then the test goes on."""
    suite.add_contract(interaction("ask for tea", ("stop", {"sku": "tea"}), reply={"available": 1}))
    suite.add_to_conftest(
        """
        @tallystick.state("stop")
        def stop(app, stock, sku):
            stock[sku] = 1
            breakpoint()

            @app.before_request
            def before():
                place = "from the view"
                breakpoint()
        """
    )
    command = [*suite.pytester._getpytestargs(), "-Werror", *suites.block()]
    result = suite.pytester.run(*command, stdin=b"p sku.upper(), stock\nc\np place.upper()\nc\n")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["*('TEA', {'tea': 1})*", "*FROM THE VIEW*"])


def test_a_failure_can_be_debugged(suite: Suite) -> None:
    """`--pdb` opens where the app raised."""
    suite.add_contract(interaction("ask for what is not there"))
    command = [*suite.pytester._getpytestargs(), "-Werror", *suites.block(), "--pdb"]
    result = suite.pytester.run(*command, stdin=b"p 'sku', sku\nq\n")
    result.stdout.fnmatch_lines(["E *KeyError: 'tea'", "> *conftest.py(*)show()", "*('sku', 'tea')*"])


def test_an_interrupt_ends_the_run(suite: Suite) -> None:
    """Ctrl-C while the app answers ends the run at once; what had not been verified has no outcome."""
    suite.add_contract(ASKS_FOR_TEA, interaction("wait", ("ctrl-c", {})), interaction("after", TEA))
    suite.add_to_conftest(
        """
        @tallystick.state("ctrl-c")
        def interrupted(app):
            import signal
            app.before_request(lambda: signal.raise_signal(signal.SIGINT))
        """
    )
    result = suite.run()
    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.assert_outcomes(passed=1)
    assert summary(result)[0] == "verified inventory for checkout  1/3 honoured, 2 did not run"
    result.stdout.no_fnmatch_line("Verifying a pact*")


def test_of_a_repeated_test_the_last_run_counts(suite: Suite) -> None:
    """Whoever runs a test again after a failure, wants what it says then."""
    suite.add_contract(interaction("ask for tea", reply={"available": 5}))
    suite.add_to_conftest(
        """
        from _pytest.runner import runtestprotocol

        def pytest_runtest_protocol(item, nextitem):
            runtestprotocol(item, nextitem=nextitem)
            item.config.stock = {"tea": 5}
            item._initrequest()
            runtestprotocol(item, nextitem=nextitem)
            return True

        @pytest.fixture
        def stock(pytestconfig):
            return getattr(pytestconfig, "stock", {})
        """
    )
    result = suite.run()
    result.assert_outcomes(failed=1, passed=1)
    assert summary(result)[0] == "verified inventory for checkout  1/1 honoured"


def test_a_pending_interaction_is_expected_to_fail(suite: Suite) -> None:
    """Whether it is not honoured, its app raises, or its state is unknown, the run passes; --runxfail wants it all."""
    suite.add_contract(
        ASKS_FOR_TEA | {"pending": True},
        ASKS_TOO_MUCH | {"pending": True},
        interaction("ask for what is not there", pending=True),
        interaction("ask in a state", ("unknown", {}), pending=True),
    )
    result = suite.run("-rxP")
    assert result.ret == 0
    result.assert_outcomes(passed=1, xfailed=3)
    result.stdout.fnmatch_lines(
        [
            "XFAIL *[[]checkout: ask for the price of tea (given there is stock)[]] - *pending: *",
        ]
    )
    suite.run("--runxfail").assert_outcomes(passed=1, failed=3)


def test_a_suite_without_contracts_loads_nothing(suite: Suite) -> None:
    """Whoever uses no contracts pays for none: neither the core nor what reads contracts is loaded."""
    suite.write(
        "conftest.py",
        """
        import sys

        def pytest_sessionfinish():
            ours = {name for name in sys.modules if name.startswith(("tallystick_", "tallystick.provider."))}
            names = ("hooks", "marks", "narrowing", "options", "session")
            assert ours <= {ALLOWED, *(f"tallystick.provider.{name}" for name in names)}, ours
            assert not {"pact.verifier", "flask", "requests", "sqlite3"} & set(sys.modules)
        """.replace("ALLOWED", '"tallystick_client", "tallystick_client.build"'),
    )
    suite.write("test_contracts.py", "def test_something():\n    pass\n")
    result = suite.pytester.runpytest_subprocess(*suites.block())
    assert result.ret == 0, str(result.stdout)


STUCK = """
import asyncio
import threading

@tallystick.state("stuck in a state")
def stuck(): threading.Event().wait()

@tallystick.state("stuck in the app")
def stuck_app(app): app.before_request(lambda: threading.Event().wait() and None)

@tallystick.state("stuck in an async state")
async def stuck_async(): await asyncio.Event().wait()
"""


def test_a_stuck_test_is_ended_by_its_timeout(suite: Suite) -> None:
    """pytest-timeout ends a state, an app and an async state that never come back; the next test is verified."""
    states = ("stuck in a state", "stuck in the app", "stuck in an async state")
    suite.add_contract(*(interaction(name, (name, {})) for name in states), ASKS_FOR_TEA)
    suite.add_to_conftest(STUCK)
    result = suite.run("--timeout=0.4", plugins=["timeout"])
    result.assert_outcomes(failed=3, passed=1)
    result.stdout.fnmatch_lines(["E  *Failed: Timeout *0.4s*"])
    assert summary(result)[0] == "verified inventory for checkout  1/4 honoured"
