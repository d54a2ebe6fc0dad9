"""What a suite may change about a request, what it hears of a result, and that both are told."""

from plugin.provider.provider_suite import ASKS_FOR_TEA, TEA, Suite, has_lines, interaction
from scripted_server import ScriptedServer

GUARDED = """
from flask import request, abort

@pytest.fixture
def guarded(app):
    @app.before_request
    def check():
        if request.headers.get("Authorization") != "Bearer s3cr3t":
            abort(401)
        if request.headers.get("X-Tenant"):
            abort(400)
    return app
"""


def test_a_test_may_alter_the_request(suite: Suite) -> None:
    """Headers are set and dropped before the app sees them; a failure names what was altered, without its value."""
    headers = {"Authorization": ["Bearer recorded"], "X-Tenant": ["a"], "X-Many": ["1", "2"]}
    asks = {"method": "GET", "path": "/stock/tea", "headers": headers}
    suite.add_contract(
        interaction("ask for tea", TEA, request=asks),
        interaction("ask for the price of tea", TEA, request=asks, reply={"price": 1}),
    )
    suite.add_to_conftest(GUARDED)
    suite.write(
        "test_contracts.py",
        """
        import pytest

        def test_honours_its_contracts(contract, guarded):
            assert (contract.request.method, contract.request.path) == ("GET", "/stock/tea")
            assert contract.request.headers["authorization"] == "Bearer recorded"
            assert contract.request.headers["X-Many"] == "1, 2"
            contract.request.headers["Authorization"] = "Bearer s3cr3t"
            del contract.request.headers["x-tenant"]
            with pytest.raises(TypeError, match="header X-Age must be text, not int"):
                contract.request.headers["X-Age"] = 1
            contract.verify(guarded)
            assert contract.exchanges[0].response.status == 200
        """,
    )
    result = suite.run()
    result.assert_outcomes(passed=1, failed=1)
    assert has_lines(
        str(result.stdout),
        [
            "  request   GET /stock/tea",
            "  request altered: header Authorization, header x-tenant",
            '  response  200 {"available":5,"sku":"tea"}',
        ],
    )
    assert "s3cr3t" not in str(result.stdout).partition("checkout expects of")[2].partition("___")[0]
    result.stdout.fnmatch_lines(["  reproduce   curl -i *Authorization: $AUTHORIZATION*"])


def test_hooks_see_requests_and_results(suite: Suite) -> None:
    """A hook may alter all of a request that reaches the app; another hears what came of each verification."""
    suite.add_contract(
        ASKS_FOR_TEA,
        interaction("send", method="PUT", path="/sent", reply={"got": "1234"}),
        interaction("raise", path="/stock/coffee"),
    )
    suite.add_to_conftest(
        """
        from flask import request as current

        @pytest.fixture(autouse=True)
        def more(app):
            app.post("/stock/more")(lambda: {"got": current.get_data(as_text=True)})

        def pytest_contracts_request(contract, request):
            if contract.description == "send":
                request.method, request.target, request.body = "POST", "/stock/more", b"123"

        def pytest_contracts_result(contract, result):
            sent = contract.exchanges[0].altered
            told = [contract.description, result.honoured, list(result.mismatches), result.error, sent]
            print("RESULT", *told, sep="|")
        """
    )
    result = suite.run("-s")
    result.assert_outcomes(passed=1, failed=2)
    wrong = "{'attribute': 'body', 'description': \"$.got: Expected '123' (String) to be equal to '1234' (String)\"}"
    for line in (
        "RESULT|ask for tea|True|[]|None|()",
        f"RESULT|send|False|[{wrong}]|None|('method', 'path', 'body')",
        "RESULT|raise|False|[]|KeyError: 'coffee'|()",
    ):
        assert line in str(result.stdout)
    result.stdout.fnmatch_lines(
        [
            "  request   POST /stock/more 123",
            "  request altered: method, path, body",
            '    + actual    "123"',
        ]
    )


def test_a_running_service_is_reached_the_same_way(suite: Suite, server: ScriptedServer) -> None:
    """What is altered reaches the service too; one that is silent has as long as the test's mark says."""
    suite.add_contract(interaction("ask", reply={"available": 5}))
    suite.write(
        "test_contracts.py",
        f"""
        import pytest
        import socket
        import tallystick

        def test_alters(contract):
            contract.request.headers["X-Token"] = "s3cr3t"
            contract.verify("{server.url}/v1")

        @tallystick.timeout(0.2)
        def test_waits(contract):
            with socket.socket() as silent:
                silent.bind(("127.0.0.1", 0))
                silent.listen()
                contract.verify(f"http://127.0.0.1:{{silent.getsockname()[1]}}")
        """,
    )
    server.answer_json({"available": 5})
    result = suite.run()
    result.assert_outcomes(passed=1, failed=1)
    (asked,) = server.asked
    assert (asked.target, asked.headers["X-Token"]) == ("/v1/stock/tea", "s3cr3t")
    result.stdout.fnmatch_lines(
        ["no answer from http://127.0.0.1:*: timed out. Is the service running there?"]
    )
