"""Which source counts of several that are set, and which contracts and interactions of it are verified."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest

from plugin.consumer.consumer_suite import summary
from plugin.provider.provider_suite import ASKS_FOR_NONE, ASKS_FOR_TEA, Suite, contract
from plugin.provider.test_provider_answers import DOCUMENT, INDEX, LIST, broker
from scripted_server import Answer, ScriptedServer

__all__ = ["broker"]


def source(result: pytest.RunResult) -> str:
    """Return where the run says that its contracts are from."""
    (line,) = (line for line in result.outlines if line.startswith("contracts: "))
    return line.partition(" from ")[2]


def test_the_first_source_that_is_set_counts(suite: Suite, broker: ScriptedServer, closed_url: str) -> None:
    """The option, then the mark, then the broker, then the folder; nothing asks the one that comes after it."""
    suite.add_contract(ASKS_FOR_TEA)
    for place in ("marked", "chosen"):
        suite.write(f"{place}/one.json", json.dumps(contract(ASKS_FOR_TEA)))
    from_broker = f"{broker.url} (its default selection)"
    broker.answer(*(INDEX, LIST, DOCUMENT) * 2)
    assert source(suite.run()) == from_broker
    asked = len(broker.asked)
    template = suite.pytester.path / "test_contracts.py"
    plain = template.read_text()
    template.write_text(f'import tallystick\n\n@tallystick.source("marked")\n{plain}')
    assert source(suite.run()) == "marked"
    assert source(suite.run("--contracts-from=chosen")) == "chosen"
    assert len(broker.asked) == asked
    assert source(suite.run("--contracts-from=broker")) == from_broker
    template.write_text(f'import tallystick\n\n@tallystick.source("{broker.url}/pact.json")\n{plain}')
    broker.answer(Answer(200, json.dumps(contract(ASKS_FOR_TEA))))
    assert source(suite.run("--contracts-broker", closed_url)) == f"{broker.url}/pact.json"
    template.write_text(f'import tallystick\n\n@tallystick.source("broker")\n{plain}')
    broker.answer(INDEX, LIST, DOCUMENT)
    assert source(suite.run()) == from_broker


def test_without_a_broker_it_is_the_folder(suite: Suite) -> None:
    """Which needs no setting."""
    suite.add_contract(ASKS_FOR_TEA)
    assert source(suite.run()) == "contracts"


@pytest.mark.parametrize("asked", ["environment", "setting", "option"])
def test_the_broker_is_named_in_three_places(
    suite: Suite, broker: ScriptedServer, closed_url: str, monkeypatch: pytest.MonkeyPatch, asked: str
) -> None:
    """The option wins over `contracts_broker`, and that over PACT_BROKER_BASE_URL, which has the credentials."""
    named = {"environment": [broker.url, "", ""], "setting": [closed_url, broker.url, ""]}
    environment, setting, option = named.get(asked, [closed_url, closed_url, broker.url])
    monkeypatch.setenv("PACT_BROKER_BASE_URL", environment)
    monkeypatch.delenv("PACT_BROKER_TOKEN")
    monkeypatch.setenv("PACT_BROKER_USERNAME", "ann")
    monkeypatch.setenv("PACT_BROKER_PASSWORD", "s3cr3t")
    suite.configure(f'contracts_broker = "{setting}"')
    broker.answer(INDEX, LIST, DOCUMENT)
    result = suite.run(*(["--contracts-broker", option] if option else []))
    result.assert_outcomes(passed=1)
    assert source(result) == f"{broker.url} (its default selection)"
    told = {request.headers["Authorization"] for request in broker.asked}
    assert told == {"Basic " + base64.b64encode(b"ann:s3cr3t").decode()}
    assert "s3cr3t" not in str(result.stdout)


def test_options_select_on_the_broker(suite: Suite, broker: ScriptedServer) -> None:
    """`--contracts-select` may be repeated and takes the place of the setting; work in progress is of 30 days."""
    suite.configure('contracts_select = ["deployed"]')
    selector = '{"branch": "feature"}'
    today = datetime.now(UTC).date()
    for options, since in (
        ([], {str(day - timedelta(days=30)) for day in (today, today + timedelta(days=1))}),
        (["--contracts-wip-since=2026-11-01"], {"2026-11-01"}),
        (["--contracts-no-pending"], {None}),
    ):
        broker.answer(INDEX, LIST, DOCUMENT)
        selected = (
            "--contracts-select=main",
            "--contracts-select=matching-branch",
            "--contracts-select",
            selector,
        )
        result = suite.run("--contracts-branch=feature", *selected, *options)
        assert source(result) == f"{broker.url} (main, matching-branch, {selector})"
        body = json.loads(broker.asked[-2].body)
        assert body.pop("includeWipPactsSince", None) in since
        assert body == {
            "consumerVersionSelectors": [
                {"mainBranch": True},
                {"matchingBranch": True},
                {"branch": "feature"},
            ],
            "includePendingStatus": since != {None},
            "providerVersionBranch": "feature",
        }


@pytest.mark.parametrize("workers", ["0", "2"])
def test_the_broker_is_asked_once(suite: Suite, broker: ScriptedServer, workers: str) -> None:
    """Whatever the number of processes; and not at all by a run that is to be offline."""
    broker.answer(INDEX, LIST, DOCUMENT)
    suite.run("-n", workers).assert_outcomes(passed=1)
    suite.run("-n", workers, "--contracts-offline").assert_outcomes(passed=1)
    assert [asked.target for asked in broker.asked] == ["/", "/for/inventory", "/pact"]


def test_several_consumers_may_be_named(suite: Suite) -> None:
    """`--contracts-consumer` may be repeated; contracts of others are not verified."""
    for consumer in ("checkout", "mobile", "web"):
        suite.add_contract(ASKS_FOR_TEA, consumer=consumer)
    result = suite.run("--contracts-consumer=checkout", "--contracts-consumer=web")
    assert result.ret == 0
    assert summary(result) == [
        "verified inventory for checkout  1/1 honoured",
        "verified inventory for web       1/1 honoured",
    ]


def test_a_mark_chooses_by_state(suite: Suite) -> None:
    """With a consumer beside it both must fit; what fits neither is left to the other test."""
    suite.add_contract(ASKS_FOR_TEA, ASKS_FOR_NONE)
    suite.add_contract(ASKS_FOR_TEA, consumer="mobile")
    suite.write(
        "test_contracts.py",
        """
        import tallystick

        def test_others(contract, app):
            contract.verify(app)

        @tallystick.only(consumer="checkout", state="^there is")
        def test_marked(contract, app):
            contract.verify(app)
        """,
    )
    result = suite.run("-v")
    assert result.ret == 0
    names = [
        line.partition("::")[2].rpartition(" PASSED")[0] for line in result.outlines if " PASSED" in line
    ]
    assert names == [
        "test_others[checkout: ask for none]",
        "test_others[mobile: ask for tea (given there is stock)]",
        "test_marked[checkout: ask for tea (given there is stock)]",
    ]


def test_the_session_knows_what_was_verified(suite: Suite) -> None:
    """`contracts_session` has it as the report has."""
    suite.add_contract(ASKS_FOR_TEA, ASKS_FOR_NONE)
    suite.add_to_conftest(
        """
        @pytest.fixture(scope="session", autouse=True)
        def looks(contracts_session):
            yield
            assert (contracts_session.name, contracts_session.recorded) == ("inventory", {})
            assert contracts_session.verified == [
                {
                    "consumer": "checkout",
                    "provider": "inventory",
                    "origin": "contracts/checkout-inventory.json",
                    "pending": False,
                    "interactions": 2,
                    "ran": 2,
                    "honoured": 2,
                    "published": None,
                }
            ]
        """
    )
    suite.run().assert_outcomes(passed=2)
