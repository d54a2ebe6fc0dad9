"""A verification is an ordinary test: selected, repeated, spread, debugged and interrupted like any other."""

import json
import re

import pytest

from plugin import suites
from plugin.consumer.consumer_suite import summary
from plugin.provider.provider_suite import ASKS_FOR_TEA, ASKS_TOO_MUCH, TEA, Suite, interaction
from tallystick.provider import verifier

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
    """`-k`, `--lf`, `--setup-plan` and the ids that pytest prints work, whatever consumers call their interactions."""
    result = odd.run("-v")
    result.assert_outcomes(passed=3, failed=4)
    odd.run("--lf").assert_outcomes(failed=4)
    plan = odd.run("--setup-plan")
    assert plan.ret == 0, plan.outlines
    assert summary(plan) == []
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


WRITE_DOWN = "__import__('pathlib').Path('{}').write_text(str(__import__('time').monotonic()))"
"""Keeps a moment under a name."""

BEGIN = WRITE_DOWN.format("begin")
"""What a suite does at the moment from which on time counts."""

KEEP_END = f"\ndef pytest_unconfigure():\n    {WRITE_DOWN.format('end')}\n"
"""For the end of the run, when all is printed; how long Python then takes to go is not our doing."""


def seconds_to_the_end(suite: Suite) -> float:
    """Return how long the run went on after the moment that counts."""
    begin, end = (float((suite.pytester.path / name).read_text()) for name in ("begin", "end"))
    return end - begin


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
    suite.add_to_conftest(KEEP_END)
    command = [*suite.pytester._getpytestargs(), "-Werror", *suites.block()]
    result = suite.pytester.run(
        *command, stdin=f"p sku.upper(), stock\nc\np place.upper()\n!{BEGIN}\nc\n".encode()
    )
    assert seconds_to_the_end(suite) < 1
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["*('TEA', {'tea': 1})*", "*FROM THE VIEW*"])


def test_a_failure_can_be_debugged(suite: Suite) -> None:
    """`--pdb` opens where the app raised."""
    suite.add_contract(interaction("ask for what is not there"))
    suite.add_to_conftest(KEEP_END)
    command = [*suite.pytester._getpytestargs(), "-Werror", *suites.block(), "--pdb"]
    result = suite.pytester.run(*command, stdin=f"p 'sku', sku\n!{BEGIN}\nq\n".encode())
    assert seconds_to_the_end(suite) < 1
    result.stdout.fnmatch_lines(["E *KeyError: 'tea'", "> *conftest.py(*)show()", "*('sku', 'tea')*"])


INTERRUPTED = f"""
import signal, socket, threading

def interrupt():
    {BEGIN}
    signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)

@tallystick.state("in a state")
def in_a_state():
    interrupt()

@tallystick.state("in the app")
def in_the_app(app):
    app.before_request(interrupt)

@tallystick.state("in a service")
def in_a_service(service):
    def wait():
        connection, _ = service.accept()
        with connection:
            interrupt()
    threading.Thread(target=wait, daemon=True).start()

@pytest.fixture
def service():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        yield silent
"""


@pytest.mark.parametrize("where", ["in a state", "in the app", "in a service"])
def test_an_interrupt_ends_the_run(suite: Suite, where: str) -> None:
    """Ctrl-C ends the run at once, whoever is at work; what had not been verified has no outcome."""
    suite.add_contract(ASKS_FOR_TEA, interaction("wait", (where, {})), interaction("after", TEA))
    suite.add_to_conftest(INTERRUPTED + KEEP_END)
    suite.write(
        "test_contracts.py",
        """
        def test_honours_its_contracts(contract, app, service):
            remote = any(state.name == "in a service" for state in contract.states)
            contract.verify(f"http://127.0.0.1:{service.getsockname()[1]}" if remote else app)
        """,
    )
    result = suite.run()
    assert seconds_to_the_end(suite) < 1
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


def test_a_pending_interaction_is_expected_to_fail(suite: Suite, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether it is not honoured, its app raises, or its state is unknown, the run passes; --runxfail wants it all."""
    suite.add_contract(
        ASKS_FOR_TEA | {"pending": True},
        ASKS_TOO_MUCH | {"pending": True},
        interaction("ask for what is not there", pending=True),
        interaction("ask in a state", ("unknown", {}), pending=True),
    )
    monkeypatch.setenv("COLUMNS", "200")
    result = suite.run("-v")
    assert result.ret == 0
    result.assert_outcomes(passed=1, xfailed=3)
    test, why = (
        "test_contracts.py::test_honours_its_contracts",
        "pending: checkout has marked this interaction so",
    )
    shown = [re.sub(r" +\[.*%\]$", "", line) for line in result.outlines if line.startswith(test)]
    assert shown == [
        f"{test}[checkout: ask for tea (given there is stock)] PASSED",
        f"{test}[checkout: ask for the price of tea (given there is stock)] XFAIL ({why})",
        f"{test}[checkout: ask for what is not there] XFAIL ({why})",
        f"{test}[checkout: ask in a state (given unknown)] XFAIL ({why})",
    ]
    assert summary(result) == ["verified inventory for checkout  1/4 honoured"]
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
    again = ASKS_FOR_TEA | {"description": "ask for tea again"}
    suite.add_contract(ASKS_FOR_TEA, *(interaction(name, (name, {})) for name in states), again)
    suite.add_to_conftest(STUCK)
    result = suite.run("--timeout=0.4", "--durations=3", plugins=["timeout"])
    result.assert_outcomes(failed=3, passed=2)
    result.stdout.fnmatch_lines(["E  *Failed: Timeout *0.4s*"])
    lasted = re.findall(r"^(\d+\.\d+)s call ", str(result.stdout), re.MULTILINE)
    assert len(lasted) == 3
    assert max(map(float, lasted)) < 1.4
    assert summary(result)[0] == "verified inventory for checkout  2/5 honoured"


def test_nothing_but_the_user_limits_an_answer(suite: Suite) -> None:
    """An app may stand in a debugger for a day: the core waits as long as it is told to."""
    assert verifier.CORE_TIMEOUT == 24 * 60 * 60 * 1000
    suite.add_contract(interaction("ask", ("slow", {})))
    suite.add_to_conftest(
        """
        from threading import Event
        from tallystick.provider import verifier

        verifier.CORE_TIMEOUT = 50

        @tallystick.state("slow")
        def slow(app):
            app.before_request(lambda: str(Event().wait(0.3)))
        """
    )
    result = suite.run()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["  error sending request for url (http://127.0.0.1:*/app/stock/tea)"])
