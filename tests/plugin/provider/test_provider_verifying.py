"""Verifying interactions: what passes, what fails, and what the failure says."""

from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from plugin.consumer.consumer_suite import summary
from plugin.provider.provider_suite import ASKS_FOR_TEA, ASKS_TOO_MUCH, TEA, Suite, has_lines, interaction

OTHER_APPS = """
import pytest

def plain(environ, start_response):
    start_response("200 OK", [("Content-Type", "application/json")])
    yield b'{"sku": "tea", '
    yield b'"available": 5}'

async def asynchronous(scope, receive, send):
    pass

def make_app():
    return plain

@pytest.fixture(params=[plain, asynchronous, make_app, "localhost:5000", None], ids=str)
def app(request):
    return request.param
"""


class Quiet(WSGIRequestHandler):
    """Handles requests without a word."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it
        """Say nothing."""


def test_one_interaction_is_one_test(suite: Suite) -> None:
    """Each interaction of each consumer is a test of its own, named in the consumer's words."""
    suite.add_contract(ASKS_FOR_TEA, interaction("ask for no tea", path="/none", status=404))
    suite.add_contract(ASKS_FOR_TEA, consumer="mobile")
    result = suite.run("-v")
    result.assert_outcomes(passed=3)
    tests = "test_contracts.py::test_honours_its_contracts"
    result.stdout.fnmatch_lines(
        [
            "contracts: 3 interactions of 2 consumers from contracts",
            f"{tests}[[]checkout: ask for tea (given there is stock)] PASSED*",
            f"{tests}[[]checkout: ask for no tea] PASSED*",
            f"{tests}[[]mobile: ask for tea (given there is stock)] PASSED*",
        ]
    )
    assert summary(result) == [
        "verified inventory for checkout  2/2 honoured",
        "verified inventory for mobile    1/1 honoured",
    ]


def test_a_failure_says_what_was_asked_answered_and_expected(suite: Suite) -> None:
    """It names the two sides, the states, the exchange, each difference, the consumer's test, and a command."""
    suite.add_contract(
        ASKS_FOR_TEA,
        interaction(
            "ask for the price of tea",
            TEA,
            status=201,
            reply={"available": "5", "price": 3},
            comments={"testname": "tests/test_shop.py::test_price"},
            request={"method": "GET", "path": "/stock/tea", "headers": {"X-Tenant": ["it's"]}},
        ),
    )
    result = suite.run()
    result.assert_outcomes(passed=1, failed=1)
    assert has_lines(
        str(result.stdout),
        [
            "checkout expects of inventory: ask for the price of tea",
            '  given there is stock {"sku": "tea"}',
            "  request   GET /stock/tea",
            '  response  200 {"available":5,"sku":"tea"}',
            "  status",
            "    - expected  201",
            "    + actual    200",
            "    expected 201 but was 200",
            "  body $",
            '    - expected  ["available","price"]',
            '    + actual    ["available","sku"]',
            "    Actual map is missing the following keys: price",
            "  body $.available",
            '    - expected  "5"',
            "    + actual    5",
            "    Expected 5 (Integer) to be equal to '5' (String)",
            "  recorded by tests/test_shop.py::test_price",
            "  contract    contracts/checkout-inventory.json",
            """  reproduce   curl -i -H 'x-tenant: it'"'"'s' "$BASE_URL"/stock/tea""",
        ],
    )
    assert summary(result) == ["verified inventory for checkout  1/2 honoured"]


def test_what_the_app_raises_is_the_failure(suite: Suite) -> None:
    """The test fails with the view's own traceback, and what was expected stands beside it."""
    suite.add_contract(interaction("ask for what is not there"))
    result = suite.run()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            '>       return {"sku": sku, "available": stock[[]sku]}',
            "E       KeyError: 'tea'",
            "conftest.py:*: KeyError",
            "*Captured contract call*",
            "checkout expects of inventory: ask for what is not there",
            "  request   GET /stock/tea",
            "  response  500 <!doctype html>",
            "            <html lang=en>",
            "FAILED *ask for what is not there*",
        ]
    )
    result.stdout.no_fnmatch_line("*pytest_plugin*")


@pytest.mark.parametrize("setting", ["app.testing = True", "app.wsgi_app = None"])
def test_what_goes_through_a_server_is_the_failure_too(suite: Suite, setting: str) -> None:
    """An app that hides nothing from its server fails the test the same way, at once."""
    suite.add_contract(interaction("ask for what is not there"))
    suite.add_to_conftest(
        f"""
        @pytest.fixture(autouse=True)
        def open_app(app):
            {setting}
        """
    )
    result = suite.run()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E  *Error: *", "  response  none: the app raised"])


def test_the_app_runs_on_the_tests_own_thread(suite: Suite) -> None:
    """Databases bound to a thread, monkeypatch, captured output and logs work as in any other test."""
    suite.add_contract(interaction("count", path="/count", reply={"rows": 1}))
    suite.write(
        "conftest.py",
        """
        import sqlite3
        import threading
        import pytest
        from flask import Flask

        app = Flask("inventory")
        database = sqlite3.connect(":memory:")

        @app.get("/count")
        def count():
            assert threading.current_thread() is threading.main_thread()
            print("counted")
            app.logger.warning("counting")
            return {"rows": database.execute(QUERY).fetchone()[0]}

        @pytest.fixture(name="app")
        def patched_app(monkeypatch):
            monkeypatch.setitem(globals(), "QUERY", "SELECT 1")
            return app
        """,
    )
    suite.write(
        "test_contracts.py",
        """
        def test_honours_its_contracts(contract, app, capsys, caplog):
            contract.verify(app)
            assert "counting" in caplog.messages
            assert capsys.readouterr().out == "counted\\n"
        """,
    )
    suite.run().assert_outcomes(passed=1)


def test_any_wsgi_app_will_do(suite: Suite) -> None:
    """A plain WSGI function is verified; what is no WSGI app is refused with what to pass instead."""
    suite.add_contract(ASKS_FOR_TEA)
    suite.add_to_conftest(OTHER_APPS)
    result = suite.run()
    result.assert_outcomes(passed=1, failed=4)
    result.stdout.fnmatch_lines_random(
        [
            "E  *TypeError: *asynchronous* did not send a whole response: is it an ASGI app?",
            "E  *TypeError: make_app is neither a WSGI app, *A function that makes an app must be called first",
            "E  *TypeError: 'localhost:5000' is not the URL of a service: it must start with http://*",
            "E  *TypeError: contract.verify takes a WSGI app, an ASGI app or the URL of a service, not NoneType None",
        ]
    )


def test_a_running_service_is_verified_at_its_url(suite: Suite, closed_url: str) -> None:
    """Requests go to the URL, below its path; nobody there is a failure that says so."""

    def service(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        found = environ["PATH_INFO"] == "/v1/stock/tea"
        start_response("200 OK" if found else "404 Not Found", [("Content-Type", "application/json")])
        return [b'{"sku": "tea", "available": 5}']

    suite.add_contract(
        interaction("ask for tea", reply={"sku": "tea", "available": 5}),
        interaction("ask for coffee", path="/stock/coffee?cold=yes"),
    )
    with make_server("127.0.0.1", 0, service, handler_class=Quiet) as running:
        _serve(running)
        url = f"http://127.0.0.1:{running.server_port}/v1"
        suite.write("test_contracts.py", f"def test_service(contract):\n    contract.verify('{url}/')\n")
        result = suite.run()
        running.shutdown()
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        ["  response  404 {*", f"  reproduce   curl -i *{url}/stock/coffee?cold=yes*"]
    )
    suite.write("test_contracts.py", f"def test_service(contract):\n    contract.verify('{closed_url}')\n")
    result = suite.run("-k", "tea")
    result.assert_outcomes(failed=1, deselected=1)
    result.stdout.fnmatch_lines(
        [f"no answer from {closed_url}: *Connection refused. Is the service running*"]
    )


def test_requests_reach_the_app_as_the_contract_has_them(suite: Suite) -> None:
    """Method, path, query, headers and bytes of the body are the consumer's; a response may have no body."""
    suite.write(
        "conftest.py",
        """
        import pytest
        from flask import Flask, request

        @pytest.fixture
        def app():
            app = Flask("inventory")

            @app.route("/<path:path>", methods=["PURGE", "HEAD", "PUT"])
            def any(path):
                if request.method == "PUT":
                    assert request.get_data() == b"\\x00\\xff" and request.headers["X-A"] == "1, 2"
                    assert request.content_type == "application/octet-stream"
                    return "", 204
                if request.method == "PURGE":
                    assert path == "a b/\\u00e9" and request.args.getlist("q") == ["1", "x&y"]
                    return "", 304
                return "never sent", 200, {"X-Size": "7"}

            return app
        """,
    )
    headers = {"X-A": ["1", "2"], "Content-Type": ["application/octet-stream"]}
    bytes_ = {"content": "AP8=", "contentType": "application/octet-stream", "encoded": "base64"}
    suite.add_contract(
        interaction("put", status=204, request=_request("PUT", headers=headers, body=bytes_)),
        interaction(
            "purge", status=304, request=_request("PURGE", path="/a%20b/%C3%A9", query={"q": ["1", "x&y"]})
        ),
        interaction("head", method="HEAD", response={"status": 200, "headers": {"X-Size": ["7"]}}),
    )
    result = suite.run()
    assert result.ret == 0, str(result.stdout)


def test_nothing_is_honoured_by_silence(suite: Suite) -> None:
    """A test that asks for `contract` and passes without a verification, or in spite of one, fails."""
    suite.add_contract(ASKS_FOR_TEA, ASKS_TOO_MUCH)
    suite.write(
        "test_contracts.py",
        """
        import pytest

        def test_forgets(contract, app):
            pass

        def test_hides(contract, app):
            with pytest.raises(pytest.fail.Exception) if "price" in contract.description else open(__file__):
                contract.verify(app)

        def test_fails_later(contract, app):
            contract.verify(app)
            assert "price" in contract.description
        """,
    )
    result = suite.run()
    result.assert_outcomes(failed=5, passed=1)
    result.stdout.fnmatch_lines_random(
        [
            "checkout: ask for tea (given there is stock): nothing was verified, the test did not call "
            "contract.verify(app)",
            "checkout: ask for the price of tea (given there is stock): the contract was not honoured, but the "
            "test went on",
        ]
    )
    assert summary(result) == ["verified inventory for checkout  0/2 honoured"]


@pytest.mark.parametrize("ending", ["assert 0", "pytest.skip('later')", "pytest.xfail('some day')"])
def test_only_a_passed_test_has_honoured_a_contract(suite: Suite, ending: str) -> None:
    """What a test comes to after the verification counts for the contract, whatever pytest thinks of it."""
    suite.add_contract(ASKS_FOR_TEA)
    suite.write(
        "test_contracts.py",
        f"import pytest\n\ndef test_it(contract, app):\n    contract.verify(app)\n    {ending}\n",
    )
    assert summary(suite.run()) == ["verified inventory for checkout  0/1 honoured"]


def test_a_template_may_use_what_the_contract_says(suite: Suite) -> None:
    """The fixture tells consumer, description and states, and is a parameter like any other."""
    suite.add_contract(ASKS_FOR_TEA)
    suite.write(
        "test_contracts.py",
        """
        import pytest
        import tallystick

        @pytest.mark.parametrize("number", [1, 2])
        def test_honours_its_contracts(contract: tallystick.Contract, app, number):
            assert (contract.consumer, contract.description) == ("checkout", "ask for tea")
            assert [(state.name, dict(state.params)) for state in contract.states] == [
                ("there is stock", {"sku": "tea"})
            ]
            contract.verify(app)

        class TestContracts:
            def test_method(self, contract, app):
                contract.verify(app)
        """,
    )
    result = suite.run()
    result.assert_outcomes(passed=3)
    assert summary(result) == ["verified inventory for checkout  1/1 honoured"]


@pytest.mark.parametrize("specification", ["1.0.0", "2.0.0", "3.0.0"])
def test_older_contracts_are_verified(suite: Suite, specification: str) -> None:
    """States and bodies are read in the spelling of each Pact specification."""
    old: dict[str, Any] = {
        "description": "ask for tea",
        "request": {"method": "get", "path": "/stock/tea"},
        "response": {"status": 200, "body": {"sku": "tea", "available": 5}},
    }
    states: dict[str, dict[str, Any]] = {
        "1.0.0": {"provider_state": "there is tea"},
        "2.0.0": {"providerState": "there is tea"},
        "3.0.0": {"providerStates": [{"name": "there is tea"}]},
    }
    path = suite.add_contract(old | states[specification])
    path.write_text(path.read_text().replace("4.0", specification))
    suite.add_to_conftest("@tallystick.state('there is tea')\ndef tea(stock):\n    stock['tea'] = 5\n")
    result = suite.run("-v")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["*[[]checkout: ask for tea (given there is tea)] PASSED*"])


def test_what_cannot_be_verified_fails_with_a_reason(suite: Suite) -> None:
    """Messages without contents, and contracts that need a Pact plugin, are not passed over in silence."""
    suite.add_contract({"type": "Asynchronous/Messages", "description": "an order", "contents": {}})
    path = suite.add_contract(ASKS_FOR_TEA, consumer="mobile")
    path.write_text(path.read_text().replace('"metadata": {', '"metadata": {"plugins": [{"name": "csv"}], '))
    result = suite.run()
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(
        [
            "the message 'an order' has no contents: there is nothing to verify",
            "this contract needs the Pact plugin csv, which tallystick cannot run yet",
        ]
    )


def test_the_engine_is_quiet_unless_it_is_asked(suite: Suite) -> None:
    """What the core prints shows up nowhere, whatever is captured; -vv has it in a section of its own."""
    suite.add_contract(ASKS_TOO_MUCH)
    result = suite.run("-s")
    result.stdout.no_fnmatch_line("*Verifying a pact between*")
    result = suite.run("-vv")
    result.stdout.fnmatch_lines(
        ["*Captured verifier call*", "*Verifying a pact between checkout and inventory*"]
    )


def _request(method: str, path: str = "/stock/tea", **more: Any) -> dict[str, Any]:
    return {"method": method, "path": path, **more}


def _serve(running: WSGIServer) -> None:
    Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
