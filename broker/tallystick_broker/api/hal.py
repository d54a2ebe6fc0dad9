"""The shapes that all representations share: links, times, lists, and addresses."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import quote, unquote

import orjson
from flask import Response, request

from tallystick_broker.api.address import base_url
from tallystick_broker.api.negotiation import HAL_TYPE
from tallystick_contracts.documents import compact

HAL = f"{HAL_TYPE};charset=utf-8"
Json = dict[str, Any]


def url(*segments: object) -> str:
    """Return the absolute address of the resource with these path segments, each encoded (RFC 3986)."""
    return "/".join([base_url(), *map(_encode, segments)])


@lru_cache(maxsize=10_000, typed=True)
def _encode(segment: object) -> str:
    """Return a segment encoded; the same few names are in hundreds of links of an answer."""
    return quote(str(segment), safe="")


def template(address: str, path: str) -> str:
    """Return the address with a templated path after it, braces and all (RFC 6570)."""
    return f"{address}/{path}"


def here(*, with_query: bool = True) -> str:
    """Return the address of this request."""
    query = request.query_string.decode("latin-1") if with_query else ""
    path = "/".join(quote(unquote(segment), safe="") for segment in request.path.split("/"))
    return f"{base_url()}{path}" + (f"?{query}" if query else "")


def link(href: str, **others: Any) -> Json:
    """Return a link object; `others` are title, name and the like, left out when None."""
    return {key: value for key, value in {**others, "href": href}.items() if value is not None}


def templated(href: str, title: str, **others: Any) -> Json:
    """Return a link whose address has to be filled in."""
    return link(href, title=title, templated=True, **others)


def curies(context: str) -> list[Json]:
    """Return where the link relations are described."""
    return [{"name": "pb", "href": f"{base_url()}/doc/{{rel}}?context={context}", "templated": True}]


def moment(value: datetime) -> str:
    """Return the moment as XML Schema writes it, in seconds and UTC."""
    return value.replace(microsecond=0).isoformat()


def stamps(created: datetime, updated: datetime | None = None) -> Json:
    """Return when it was created, and when it was changed if it was."""
    found = {"createdAt": moment(created)}
    if updated is not None and moment(updated) != found["createdAt"]:
        found["updatedAt"] = moment(updated)
    return found


def given(**members: Any) -> Json:
    """Return the members that are not None."""
    return {key: value for key, value in members.items() if value is not None}


def reply(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return the response with this JSON body."""
    text = body if isinstance(body, str) else _write(body)
    return Response(text, status, dict(headers or {}), content_type=HAL)


def created(body: Any, location: str) -> Response:
    """Return the response for something made just now at this address."""
    return reply(body, 201, {"Location": location})


def put(body: Any, location: str, *, new: bool) -> Response:
    """Return the response to a PUT: 201 with the address for something new, else 200."""
    return created(body, location) if new else reply(body)


def gone() -> Response:
    """Return the response for something that was deleted."""
    return Response(status=204)


def _write(body: Any) -> bytes | str:
    """Return the JSON text; what orjson refuses, a number of any length or half a surrogate pair, is written slowly."""
    try:
        return orjson.dumps(body)
    except TypeError:
        return compact(body, ascii_only=True)
