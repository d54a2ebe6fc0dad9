"""How long the lists in answers may be: in pages, or bounded by something that does not grow with every build."""

from collections.abc import Iterator
from typing import Any

from described import description

Json = dict[str, Any]

BOUNDED = {
    "environments": "people make environments by hand",
    "contacts": "people write them by hand",
    "webhooks": "people make webhooks by hand",
    "events": "there are six",
    "labels": "people label by hand",
    "branches": "those that one version is on",
    "branchVersions": "those that one version is on",
    "tags": "those that one version has",
    "record-deployment": "one for each environment",
    "record-release": "one for each environment",
    "deployed-environments": "where one version is or was; it is shown by itself or in a page",
    "released-environments": "one for each environment",
    "pact-versions": "one for each provider that one version consumes",
    "verificationResults": "one for each provider that one version consumes",
    "pacts": "one for each content that selectors find, most of them at heads and live versions; a provider needs all",
    "providerStates": "those of the contracts at heads and live versions; a provider needs all",
    "triggeredWebhooks": "the newest thousand",
    "error-logs": "one for each webhook",
    "executions": "as many as the schedule of attempts is long",
    "matrix": "`limit`",
    "versions": "`last`, of which fifty are the most",
    "waves": "as many as there are candidates; a plan is useless in parts",
    "blocked": "those of the candidates that can't go",
    "live": "those of the candidates that are there already",
    "reasons": "one for each row that is shown, and one for each contract without one",
    "notices": "one for each reason",
}
"""By what each list is bounded that does not come in pages."""


def test_every_list_is_paged_or_bounded() -> None:
    """A list that nothing bounds comes in pages; a new one has to say here why it needs none."""
    unpaged = {name for path in find_unpaged() for name in find_lists(path)}
    assert unpaged == set(BOUNDED)


def find_unpaged() -> Iterator[Json]:
    """Yield the schema of each document that an operation answers and that comes in no pages."""
    for methods in description().document["paths"].values():
        operation = methods.get("get")
        if operation and not any(each["name"] == "size" for each in operation["parameters"]):
            content = operation["responses"]["200"].get("content", {})
            yield from (each["schema"] for name, each in content.items() if "json" in name)


def find_lists(schema: Json) -> Iterator[str]:
    """Yield the names of the lists in a document, without those that are the same in all of them."""
    schema = resolve(schema)
    for each in schema.get("anyOf", ()):
        yield from find_lists(each)
    for name, member in schema.get("properties", {}).items():
        if name in {"_embedded", "_links"}:
            yield from find_lists(member)
        elif resolve(member).get("type") == "array" and name != "curies":
            yield name.removeprefix("pb:")


def resolve(schema: Json) -> Json:
    """Return the schema that a reference leads to."""
    name = schema.get("$ref", "").rpartition("/")[2]
    found: Json = description().document["components"]["schemas"][name] if name else schema
    return found
