"""Shapes of documents: the JSON schemas that the descriptions of several resources share. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
COUNT: Schema = {"type": "integer"}
ANYTHING: Schema = {}
MOMENT: Schema = {"type": "string", "format": "date-time"}
ADDRESS: Schema = {"type": "string", "minLength": 1}

COMPONENTS: dict[str, Schema] = {}
"""The schemas that have a name of their own in the description of the API."""


def component(name: str, schema: Schema) -> Schema:
    """Give the schema a name, and return the reference to it."""
    COMPONENTS[name] = schema
    return {"$ref": f"#/components/schemas/{name}"}


def fields(required: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None) -> Schema:
    """Return the schema of an object with these members; it may always have others."""
    members = dict(required) | dict(optional or {})
    return {"type": "object", "required": list(required), "properties": members}


def many(schema: Schema) -> Schema:
    """Return the schema of a list of these."""
    return {"type": "array", "items": schema}


def nullable(schema: Schema) -> Schema:
    """Return the schema of what may also be null."""
    return {"anyOf": [schema, {"type": "null"}]}


def texts(*names: str) -> dict[str, Schema]:
    """Return members of these names that are texts."""
    return dict.fromkeys(names, TEXT)


LINK = component("Link", fields({"href": ADDRESS}, texts("title", "name") | {"templated": FLAG}))


def links_to(*required: str, lists: Iterable[str] = (), optional: Iterable[str] = ()) -> Schema:
    """Return the schema of links by relation: one each, but for those that are `lists`."""
    members = dict.fromkeys(required, LINK) | dict.fromkeys(lists, many(LINK))
    return fields(members, dict.fromkeys(optional, LINK))


def resource(
    members: Mapping[str, Schema],
    its_links: Schema,
    *,
    optional: Mapping[str, Schema] | None = None,
    embedded: Schema | None = None,
) -> Schema:
    """Return the schema of a HAL document (draft-kelly-json-hal)."""
    within = {} if embedded is None else {"_embedded": embedded}
    return fields(dict(members) | within | {"_links": its_links}, optional)


def listing(key: str, item: Schema, its_links: Schema) -> Schema:
    """Return the schema of a list of resources, which may be a page of it."""
    return resource({}, its_links, optional={"page": PAGE}, embedded=fields({key: many(item)}))


PAGE = component("Page", fields(dict.fromkeys(("number", "size", "totalElements", "totalPages"), COUNT)))
STAMPS = {"createdAt": MOMENT}
"""When a resource was made; `updatedAt` is there once it was changed."""

ERROR = component(
    "Error",
    {
        "anyOf": [
            fields({"error": {"type": ["string", "object"]}}),
            fields(
                {"errors": {"anyOf": [many(TEXT), {"type": "object", "additionalProperties": many(TEXT)}]}}
            ),
        ]
    },
)
PROBLEM = component(
    "Problem",
    fields({"title": TEXT, "status": COUNT, "type": TEXT}, {"detail": TEXT, "instance": TEXT})
    | {"description": "A problem document (RFC 9457), for clients that accept application/problem+json."},
)
