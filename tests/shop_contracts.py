"""The contracts of a shop, with all that a contract can have; and one that somebody made to do harm."""

from typing import Any

RIGHT_TO_LEFT, ZERO_WIDTH = "\u202e", "\u200b"
JSON_TYPE = {"Content-Type": ["application/json"]}


def stock(content: str) -> dict[str, Any]:
    """Return what checkout expects of inventory; each content goes further than the one before."""
    later = ("orders", "reservations", "returns", "refunds").index(content)
    interactions = [_ask(later), _query(), _ran_low()]
    if later >= 1:
        interactions.append(_reserve(later))
    if later >= 2:
        interactions += [_give_back(), _price()]
    if later >= 3:
        interactions = [each for each in interactions if each["description"] != "ask in GraphQL"]
    return {
        "consumer": {"name": "checkout"},
        "provider": {"name": "inventory"},
        "interactions": interactions,
        "metadata": {"pactSpecification": {"version": "4.0"}},
    }


def results(content: str, *failed: str) -> list[dict[str, Any]]:
    """Return what a verifier tells of the contract when the interactions of these descriptions failed."""
    return [
        {
            "interactionDescription": each["description"],
            "success": each["description"] not in failed,
            "mismatches": MISMATCHES if each["description"] in failed else [],
        }
        for each in stock(content)["interactions"]
    ]


def hostile(amount: int) -> dict[str, Any]:
    """Return a contract with markup, invisible characters, huge bodies and this many other interactions."""
    script = "<script>alert('x')</script><img src=x onerror=alert(1)>"
    name = f"{script}{RIGHT_TO_LEFT}txt.exe{ZERO_WIDTH}"
    body = {"list": [{"name": name, "text": "x" * 2_000} for _ in range(100)]}
    rules = {"body": {f"$.{name}": {"matchers": [name]}}}
    each = {
        "description": name,
        "providerStates": [{"name": name, "params": {name: name}}],
        "request": {"method": "GET", "path": f"/{script}", "headers": {name: name}, "query": {name: [name]}},
        "response": {"status": 200, "body": body, "matchingRules": rules},
    }
    small = each | {"response": {"status": 200}}
    return {"interactions": [each] * 3 + [small | {"description": f"{name} {at}"} for at in range(amount)]}


MISMATCHES = [
    {"attribute": "status", "description": "expected 201 but was 409"},
    {
        "attribute": "body",
        "identifier": "$.reservation.left",
        "description": "Expected 3 (Integer) but there was no such value",
        "expected": 3,
        "actual": None,
    },
]


def _ask(later: int) -> dict[str, Any]:
    body: dict[str, Any] = {"sku": "tea", "available": 5, "shelves": [{"id": "A-7", "count": 5}]}
    rules = {
        "$.available": _one("integer"),
        "$.sku": _one("type"),
        "$.shelves": _one("type", min=1),
        "$.shelves[*].id": _one("regex", regex="[A-Z]-[0-9]+"),
    }
    if later >= 2:
        body["restocked"] = "2026-03-01"
        rules["$.restocked"] = _one("date", format="yyyy-MM-dd")
    return _http(
        "ask how much is left",
        {
            "method": "GET",
            "path": "/stock/tea",
            "query": {"unit": ["g"]},
            "headers": {"Accept": ["application/json"]},
        },
        {
            "status": 200,
            "headers": JSON_TYPE,
            "body": {"content": body, "contentType": "application/json", "encoded": False},
            "matchingRules": {
                "body": rules,
                "header": {"Content-Type": _one("regex", regex="application/(hal\\+)?json")},
            },
        },
        states=[{"name": "there is stock", "params": {"sku": "tea", "amount": 5}}],
    )


def _query() -> dict[str, Any]:
    query = "query Left($sku: ID!) { stock(sku: $sku) { available shelves { id } } }"
    return _http(
        "ask in GraphQL",
        {
            "method": "POST",
            "path": "/graphql",
            "headers": JSON_TYPE,
            "body": {
                "content": {"query": query, "variables": {"sku": "tea"}},
                "contentType": "application/json",
            },
        },
        {
            "status": 200,
            "body": {"content": {"data": {"stock": {"available": 5}}}, "contentType": "application/json"},
        },
        states=[{"name": "there is stock", "params": {"sku": "tea", "amount": 5}}],
    )


def _reserve(later: int) -> dict[str, Any]:
    return _http(
        "reserve two of five",
        {
            "method": "POST",
            "path": "/stock/tea/reservations",
            "headers": JSON_TYPE,
            "body": {"content": {"amount": 2, "order": "9f31"}, "contentType": "application/json"},
        },
        {
            "status": 201 if later >= 2 else 200,
            "body": {"content": {"reservation": {"id": 1, "left": 3}}, "contentType": "application/json"},
            "matchingRules": {
                "body": {"$.reservation.id": _one("integer"), "$.reservation.notes[*]": _one("type")}
            },
        },
        states=[
            {"name": "there is stock", "params": {"sku": "tea", "amount": 5}},
            {"name": "the shop is open"},
        ],
    )


def _give_back() -> dict[str, Any]:
    return _http(
        "give a reservation back",
        {"method": "DELETE", "path": "/stock/tea/reservations/1"},
        {"status": 204},
        states=[{"name": "there is a reservation", "params": {"id": 1}}],
    )


def _ran_low() -> dict[str, Any]:
    return {
        "type": "Asynchronous/Messages",
        "description": "stock ran low",
        "contents": {
            "content": {"sku": "tea", "left": 1},
            "contentType": "application/json",
            "encoded": False,
        },
        "metadata": {"topic": "inventory.stock"},
        "matchingRules": {"body": {"$.left": _one("integer")}},
    }


def _price() -> dict[str, Any]:
    return {
        "type": "Synchronous/Messages",
        "description": "ask for a price",
        "pending": True,
        "request": {"contents": {"content": {"sku": "tea"}, "contentType": "application/json"}},
        "response": [{"contents": {"content": {"price": 4.5}, "contentType": "application/json"}}],
    }


def _http(description: str, request: Any, response: Any, states: Any) -> dict[str, Any]:
    return {
        "type": "Synchronous/HTTP",
        "description": description,
        "providerStates": states,
        "request": request,
        "response": response,
    }


def _one(match: str, **others: Any) -> dict[str, Any]:
    return {"combine": "AND", "matchers": [{"match": match, **others}]}
