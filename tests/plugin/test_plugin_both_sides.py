"""A service that is a consumer and a provider, in one suite and one run."""

import json
import subprocess
import sys

import pytest

from plugin import builds, suites
from plugin.consumer.consumer_suite import summary
from scripted_server import Answer, ScriptedServer, server

__all__ = ["server"]

LINKS = {
    "pb:provider-pacts-for-verification": {"href": "/for/{provider}", "templated": True},
    "pb:publish-contracts": {"href": "/contracts/publish"},
}
INDEX = Answer(200, json.dumps({"_links": LINKS}))
LIST = Answer(200, json.dumps({"_embedded": {"pacts": [{"_links": {"self": {"href": "/pact"}}}]}}))
ASKED = {
    "consumer": {"name": "shop"},
    "provider": {"name": "stock"},
    "interactions": [
        {
            "description": "ask for tea",
            "request": {"method": "GET", "path": "/tea"},
            "response": {"status": 200, "body": {"available": 5}},
        }
    ],
    "_links": {"pb:publish-verification-results": {"href": "/results"}},
}
DOCUMENT = Answer(200, json.dumps(ASKED))
PUBLISHED = Answer(201, "{}", {"Location": "/results/1"})
THANKS = Answer(200, '{"notices": [{"type": "success", "text": "Thanks."}]}')
SUITE = """
import os

import requests
import tallystick

depot = tallystick.consumes("depot")

def test_orders_a_crate(depot):
    depot.expect("order a crate").post("/crates").reply(201)
    assert requests.post(depot.url + "/crates").status_code == 201
    assert os.environ["PACT_DO_NOT_TRACK"] == "true"

def test_honours_its_contracts(contract):
    def app(environ, start_response):
        start_response("200 OK", [("Content-Type", "application/json")])
        return [b'{"available": 5}']

    contract.verify(app)
    assert os.environ["PACT_DO_NOT_TRACK"] == "true"
"""
PUBLISH = ("--contracts-publish", "--contracts-version=2")


@pytest.fixture
def broker(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, server: ScriptedServer
) -> ScriptedServer:
    """The broker of the service `stock`, which asks `depot` and is asked by `shop`."""
    builds.forget(monkeypatch)
    monkeypatch.delenv("PACT_DO_NOT_TRACK", raising=False)
    monkeypatch.setenv("PACT_BROKER_HTTP_RETRIES", "0")
    pytester.makeini(f"[pytest]\ncontracts_name = stock\ncontracts_broker = {server.url}\n")
    pytester.makepyfile(test_stock=SUITE)
    return server


@pytest.mark.parametrize("arguments", [["-pno:pact"], ["-n2"]])
def test_one_run_publishes_contracts_and_results(broker: ScriptedServer, arguments: list[str]) -> None:
    """With or without the plugin of pact-python, each is published once, and the Pact core reports no use of it."""
    broker.answer(INDEX, LIST, DOCUMENT, INDEX, PUBLISHED, INDEX, THANKS)
    result = suites.run(*PUBLISH, *arguments)
    assert result.ret == 0, str(result.stdout)
    assert summary(result) == [
        "recorded  contracts/stock-depot.json  1 interaction (+1 -0 ~0)",
        "published stock 2 with depot",
        "          Thanks.",
        "verified stock for shop  1/1 honoured  published success -> /results/1",
    ]
    assert [f"{asked.method} {asked.target}" for asked in broker.asked if asked.method != "GET"] == [
        "POST /for/stock",
        "POST /results",
        "POST /contracts/publish",
    ]


def test_a_red_run_publishes_results_alone(broker: ScriptedServer, pytester: pytest.Pytester) -> None:
    """What was verified is a result, good or bad; a version whose tests fail has no contracts."""
    pytester.makepyfile(test_stock=SUITE.replace('{"available": 5}', '{"available": 6}'))
    broker.answer(INDEX, LIST, DOCUMENT, INDEX, PUBLISHED)
    result = suites.run(*PUBLISH)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert summary(result) == [
        "recorded  contracts/stock-depot.json  1 interaction (+1 -0 ~0)",
        "not published  the run did not pass",
        "verified stock for shop  0/1 honoured  published failure -> /results/1",
    ]
    assert [asked.target for asked in broker.asked] == ["/", "/for/stock", "/pact", "/", "/results"]


def test_a_red_run_that_records_nothing_says_so(broker: ScriptedServer, pytester: pytest.Pytester) -> None:
    """Published results do not hide that no contract was."""
    pytester.makepyfile(test_stock=SUITE.replace("== 201", "== 202"))
    broker.answer(INDEX, LIST, DOCUMENT, INDEX, PUBLISHED)
    result = suites.run(*PUBLISH)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert summary(result) == [
        "not published  the run did not pass",
        "verified stock for shop  1/1 honoured  published success -> /results/1",
    ]


@pytest.mark.parametrize(("said", "told"), [(None, "true"), ("mine", "mine")])
@pytest.mark.parametrize("side", ["consumer.engine", "provider.verifier"])
def test_whether_the_core_reports_its_use_is_the_users_to_say(
    monkeypatch: pytest.MonkeyPatch, side: str, said: str | None, told: str
) -> None:
    """Either side tells the core not to, unless the user has told it anything."""
    monkeypatch.delenv("PACT_DO_NOT_TRACK", raising=False)
    if said:
        monkeypatch.setenv("PACT_DO_NOT_TRACK", said)
    prepare = "side._prepare_environment()" if side.startswith("provider") else "pass"
    program = f"import os; from tallystick.{side.replace('.', ' import ')} as side; {prepare}"
    program += "; print(os.environ['PACT_DO_NOT_TRACK'])"
    shown = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert shown.stdout.strip() == told
