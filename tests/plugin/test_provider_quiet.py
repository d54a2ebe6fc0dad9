"""What a provider's run does not print."""

import json

import pytest

from plugin import suites

SUITE = """
def test_honours_its_contracts(contract):
    def app(environ, start_response):
        print("the app was called")
        start_response("404 Not Found", [("Content-Length", "0")])
        return [b""]

    contract.verify(app)
"""


def test_the_engine_is_silent(pytester: pytest.Pytester) -> None:
    """Of many failed interactions none shows the engine's own report, and each what the app printed."""
    count = 150
    interactions = [
        {
            "description": f"number {number}",
            "request": {"method": "GET", "path": f"/{number}"},
            "response": {"status": 200},
        }
        for number in range(count)
    ]
    document = {"consumer": {"name": "Web"}, "provider": {"name": "Stock"}, "interactions": interactions}
    pytester.makefile(".json", **{"contracts/web": json.dumps(document)})
    pytester.makeini("[pytest]\ncontracts_name = Stock\n")
    pytester.makepyfile(SUITE)
    result = suites.run()
    result.assert_outcomes(failed=count)
    output = result.stdout.str()
    assert "Verifying a pact" not in output
    assert output.count("the app was called") == count
