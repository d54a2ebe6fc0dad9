"""How the gate's answer is read."""

from typing import Any

import pytest

from scripted_server import ScriptedServer
from tallystick_client import Broker, FailedInteraction, NotABroker, Party, Verdict

ANSWER: dict[str, Any] = {
    "summary": {"deployable": False, "reason": "…", "success": 0, "failed": 1, "unknown": 1, "ignored": 0},
    "notices": [{"type": "error", "text": "It failed"}],
    "matrix": [
        {
            "consumer": {"name": "Web", "version": {"number": "1"}},
            "provider": {"name": "Orders", "version": {"number": "2"}},
            "verificationResult": {"success": False, "_links": {"self": {"href": "http://b/r/1"}}},
        },
        {
            "consumer": {"name": "Web", "version": {"number": "1"}},
            "provider": {"name": "Stock", "version": None},
            "verificationResult": None,
            "ignored": True,
        },
    ],
    "reasons": [
        {
            "code": "FAILED",
            "type": "error",
            "text": "Orders 2, live in prod, fails the contract.",
            "consumer": {"name": "Web", "version": "1"},
            "provider": {"name": "Orders", "version": "2"},
            "interactions": [{"description": "an order", "mismatches": ["$.id: is missing"]}],
            "next": ["tallystick publish pacts"],
            "link": "http://b/matrix",
        },
        {"text": "Nothing else is there.", "next": "Wait."},
    ],
}


def test_an_answer_is_read_whole() -> None:
    """Verdict, rows, reasons, notices and counts are all there, and so is the answer itself."""
    verdict = Verdict.read(ANSWER)
    assert verdict.deployable is False
    assert [(row.success, row.url, row.ignored) for row in verdict.rows] == [
        (False, "http://b/r/1", False),
        (None, None, True),
    ]
    assert verdict.rows[1].provider == Party("Stock", None)
    assert verdict.reasons[0].interactions == (FailedInteraction("an order", ("$.id: is missing",)),)
    assert verdict.reasons[0].provider == Party("Orders", "2")
    assert [reason.next for reason in verdict.reasons] == [("tallystick publish pacts",), ("Wait.",)]
    assert (verdict.reasons[1].type, verdict.reasons[1].link) == ("error", None)
    assert [notice.text for notice in verdict.notices] == ["It failed"]
    assert (verdict.success, verdict.failed, verdict.unknown, verdict.ignored) == (0, 1, 1, 0)
    assert verdict.body is ANSWER


@pytest.mark.parametrize("deployable", ["true", 1, "yes", [], {}])
def test_only_true_is_a_yes(server: ScriptedServer, deployable: object) -> None:
    """What is neither true nor false nor null is no verdict."""
    server.answer_json({"summary": {"deployable": deployable}, "matrix": []})
    with Broker(server.url) as broker, pytest.raises(NotABroker, match="deployable"):
        broker.can_i_deploy("Web", "1", environment="prod")


def test_a_missing_verdict_is_not_unknown(server: ScriptedServer) -> None:
    """An answer that does not say whether it is deployable was not given by a broker."""
    server.answer_json({"summary": {}, "matrix": []})
    with Broker(server.url) as broker, pytest.raises(NotABroker, match="deployable"):
        broker.can_i_deploy("Web", "1", environment="prod")
