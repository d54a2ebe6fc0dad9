"""The description of the API as OpenAPI 3.1, made of what each route says of itself."""

import re
from collections import defaultdict
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import version

from flask import Blueprint, Response, current_app, render_template
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from tallystick_broker.api.address import base_url
from tallystick_broker.api.boundary import route
from tallystick_broker.api.hal import Json, url
from tallystick_broker.api.negotiation import JSON_TYPE
from tallystick_broker.api.operations import ERRORS, Answer, Operation, Takes, operations, shown_as
from tallystick_broker.api.shapes import COMPONENTS, TEXT
from tallystick_contracts.documents import compact

routes = Blueprint("openapi", __name__)
DOCUMENT = {200: Answer("An OpenAPI document", {JSON_TYPE: {"type": "object"}})}
SEGMENT = re.compile(r"<name:(\w+)>")
SEGMENTS = {
    "branch": "the name of a branch",
    "consumer": "the name of the consumer",
    "environment": "the name of an environment",
    "label": "a label",
    "metadata": "what the link was given for, as the broker wrote it",
    "name": "the name of the pacticipant",
    "number": "the number of a version, or of a result",
    "other": "what it is compared with",
    "provider": "the name of the provider",
    "provider_tag": "a tag of the provider",
    "relation": "the name of a relation",
    "sha": "the fingerprint of a content",
    "tag": "a tag",
    "target": "the tag of the versions that it goes beside",
    "uuid": "the identifier",
}
ADDRESSED = TEXT | {"minLength": 1}
"""The schema of a name in a path."""

REFUSALS = {
    400: Answer("The request can't be read, or breaks a rule", ERRORS),
    401: Answer("The broker has accounts, and needs the name and the password of one", ERRORS),
    404: Answer("Something that the address names does not exist", ERRORS),
    406: Answer("The client accepts no type that there is"),
    413: Answer("The body is too large", ERRORS),
    415: Answer("The body has a type that is not taken here"),
    422: Answer("A name in the address, or the change, is impossible", ERRORS),
}
"""What requests of many operations may be refused with."""

WORDS = """\
The API of the Pact Broker, as Tallystick speaks it. Begin at the index and follow links. Names in a path are
percent-encoded, a slash in a name too. A slash at the end of an address means nothing. `.json` at the end of an
address stands for an Accept header, like `.svg` and `.csv`."""


@route(routes, "/openapi", answers=DOCUMENT)
def show(session: Session) -> Response:  # noqa: ARG001 (every view is given one)
    """Answer this description."""
    return Response(compact(describe(), ascii_only=True), content_type=f"{JSON_TYPE};charset=utf-8")


@route(routes, "/docs/api", answers=shown_as("text/html"))
def show_page(session: Session) -> Response:  # noqa: ARG001
    """Answer this description as a page."""
    document = describe()
    page = render_template(
        "api.html", document=document, families=_by_family(document), source=url("openapi.json")
    )
    return Response(page, content_type="text/html;charset=utf-8")


def describe() -> Json:
    """Return the description of all operations of the application."""
    described = list(_describe_routes())
    paths: dict[str, Json] = defaultdict(dict)
    for path, method, operation in described:
        paths[path][method] = operation
    used = {tag for _, _, operation in described for tag in operation["tags"]}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Tallystick", "version": version("tallystick"), "description": WORDS},
        "servers": [{"url": base_url()}],
        "security": [{}, {"basic": []}],
        "tags": [each for each in _families() if each["name"] in used],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": COMPONENTS,
            "responses": {str(status): _describe_answer(answer) for status, answer in REFUSALS.items()},
            "securitySchemes": {"basic": {"type": "http", "scheme": "basic"}},
        },
    }


def path_of(rule: str) -> str:
    """Return a rule in the notation of OpenAPI."""
    return SEGMENT.sub(r"{\1}", rule)


def _describe_routes() -> Iterator[tuple[str, str, Json]]:
    counts: dict[str, int] = defaultdict(int)
    for rule in current_app.url_map.iter_rules():
        operation = operations.get((rule.endpoint, rule.rule))
        if operation is not None:
            counts[rule.endpoint] += 1
            name = f"{rule.endpoint}.{counts[rule.endpoint]}" if counts[rule.endpoint] > 1 else rule.endpoint
            yield path_of(rule.rule), operation.method.lower(), _describe(rule, operation, name)


def _describe(rule: Rule, operation: Operation, name: str) -> Json:
    segments = SEGMENT.findall(rule.rule)
    parameters = [
        {"name": each, "in": "path", "required": True, "description": SEGMENTS[each], "schema": ADDRESSED}
        for each in segments
    ] + [
        {"name": each.name, "in": "query", "description": each.meaning, "schema": each.schema}
        for each in operation.query
    ]
    body = {} if operation.takes is None else {"requestBody": _describe_body(operation.takes)}
    responses = {status: _describe_answer(answer) for status, answer in operation.answers.items()}
    for status in _refusals(operation, has_segments=bool(segments)):
        responses[status] = {"$ref": f"#/components/responses/{status}"}
    return {
        "operationId": name,
        "tags": [_title(_words_of(rule.endpoint.partition(".")[0]))],
        "summary": operation.summary,
        **({"deprecated": True} if operation.deprecated else {}),
        "parameters": parameters,
        **body,
        "responses": {str(status): responses[status] for status in sorted(responses)},
    }


def _describe_body(takes: Takes) -> Json:
    return {
        "required": not takes.optional or bool(takes.schema.get("required")),
        "content": {media_type: {"schema": takes.schema} for media_type in takes.types},
    }


def _describe_answer(answer: Answer) -> Json:
    described: Json = {"description": answer.meaning}
    if answer.has_location:
        described["headers"] = {"Location": {"description": "Where it is", "required": True, "schema": TEXT}}
    if answer.content:
        described["content"] = {name: {"schema": schema} for name, schema in answer.content.items()}
    return described


def _refusals(operation: Operation, *, has_segments: bool) -> set[int]:
    """Return the statuses with which any operation of this form may refuse a request."""
    refusals = {400, 401}
    if has_segments:
        refusals |= {404, 422}
    if any(answer.content for answer in operation.answers.values()):
        refusals |= {406}
    if operation.takes is not None:
        refusals |= {413, 415}
    return refusals.difference(operation.answers)


def _families() -> list[Json]:
    """Return each family of routes, by its title, with what its module says of itself."""
    words = sorted(map(_words_of, current_app.blueprints), key=_title)
    return [{"name": _title(each), "description": each} for each in words]


def _title(words: str) -> str:
    return words.partition(":")[0].rstrip(".")


def _words_of(family: str) -> str:
    module = import_module(current_app.blueprints[family].import_name)
    return (module.__doc__ or "").partition("\n")[0]


def _by_family(document: Json) -> list[tuple[Json, list[tuple[str, str, Json]]]]:
    """Return each tag with its operations: path, method, and what is said of it."""
    found: dict[str, list[tuple[str, str, Json]]] = defaultdict(list)
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            found[operation["tags"][0]].append((path, method, operation))
    return [(tag, found[tag["name"]]) for tag in document["tags"]]
