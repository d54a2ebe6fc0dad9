"""Messages: their functions, what they return, and what a failure says."""

from typing import Any

from plugin.consumer.consumer_suite import summary
from plugin.provider.provider_suite import TEA, Suite, has_lines

FUNCTIONS = r"""
import asyncio, json

@tallystick.message("order placed")
def order_placed(stock, sku, params, request):
    assert params == {"sku": "tea"} and request.fixturenames
    yield {"sku": sku, "left": stock[sku]}, {"topic": "orders"}
    stock.clear()

@tallystick.message(r"price of (?P<sku>\w+)")
async def price(sku, message):
    await asyncio.sleep(0)
    assert message.json == {"currency": "EUR"} and message.metadata == {"reply-to": "me"}
    return json.dumps({sku: 3})

@tallystick.message("picture")
def picture():
    return b"\x00\xff"

@tallystick.message("raises")
def raises():
    raise OSError("no queue")

@tallystick.message("returns nothing")
def nothing(): ...

@tallystick.message("returns a set")
def a_set():
    return {1}
"""


def test_messages_are_produced_by_functions(suite: Suite) -> None:
    """With parameters, fixtures, teardown and metadata, async or not; text and bytes have the contract's type."""
    suite.add_to_conftest(FUNCTIONS)
    suite.write("test_contracts.py", "def test_honours_its_contracts(contract):\n    contract.verify()\n")
    sync = {
        "type": "Synchronous/Messages",
        "description": "price of tea",
        "request": {"contents": _json({"currency": "EUR"}), "metadata": {"reply-to": "me"}},
        "response": [{"contents": _json({"tea": 3})}],
    }
    picture = {"content": "AP8=", "contentType": "application/octet-stream", "encoded": "base64"}
    suite.add_contract(
        _message("order placed", {"sku": "tea", "left": 5}, metadata={"topic": "orders"}),
        sync,
        _message("picture", None) | {"contents": picture},
    )
    path = suite.add_contract(consumer="mobile")
    old = '"messages": [{"description": "picture", "contents": "x"}], "interactions": []'
    path.write_text(path.read_text().replace('"interactions": []', old).replace("4.0", "3.0.0"))
    result = suite.run("-v")
    result.assert_outcomes(passed=3, failed=1)
    assert summary(result)[0] == "verified inventory for checkout  3/3 honoured"


def test_a_failure_shows_the_message(suite: Suite) -> None:
    """What was asked, what was sent with its metadata, and each difference; a function's own error is the failure."""
    suite.add_to_conftest(FUNCTIONS)
    suite.add_contract(
        _message("order placed", {"sku": "tea", "price": 3, "token": "s3cr3t"}, metadata={"topic": "bills"}),
        *(_message(name, {}) for name in ("raises", "returns nothing", "returns a set", "never told")),
        {"type": "Synchronous/Messages", "description": "price of tea", "response": [{}], "request": {}},
    )
    result = suite.run()
    result.assert_outcomes(failed=6)
    assert has_lines(
        str(result.stdout),
        [
            "checkout expects of inventory: order placed",
            '  given there is stock {"sku": "tea"}',
            '  message   {"sku": "tea", "left": 5}',
            '  metadata  {"contentType": "application/json", "topic": "orders"}',
            "  body $",
            '    - expected  ["price","sku","token"]',
            '    + actual    ["left","sku"]',
            "    Actual map is missing the following keys: price, token",
            "  metadata topic",
        ],
    )
    result.stdout.fnmatch_lines_random(
        [
            "E  *OSError: no queue",
            "  message   none: its function raised",
            "E  *FunctionError: message 'returns nothing' (*) must return the message's contents, or a pair *",
            "E  *FunctionError: message 'returns a set' (*) gave a value that is not JSON: *",
            "the message 'price of tea' has no contents: there is nothing to verify",
            "  no message function for 'never told'. Paste this into conftest.py and fill it in:",
            '@tallystick.message("never told")',
            "def never_told():",
            "    return {}",
        ]
    )


def _message(description: str, contents: Any, **more: Any) -> dict[str, Any]:
    states = [{"name": TEA[0], "params": TEA[1]}] if description == "order placed" else []
    return {
        "type": "Asynchronous/Messages",
        "description": description,
        "providerStates": states,
        "contents": _json(contents),
        **more,
    }


def _json(content: Any) -> dict[str, Any]:
    return {"content": content, "contentType": "application/json", "encoded": False}
