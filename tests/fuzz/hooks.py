"""Hooks of Schemathesis: most requests name what is there, since what is not is soon refused."""

import base64
import json
import os
from typing import Any
from zlib import crc32

import schemathesis

KNOWN: dict[str, list[str]] = json.loads(os.environ["KNOWN"])
"""What is there, by the name of the parameter."""

IDENTIFIERS = {"environments": "environment", "deployed-versions": "deployment", "webhooks": "webhook"}
PACT = base64.b64encode(b'{"interactions": [{"description": "fuzzed"}]}').decode()


@schemathesis.hook
def map_path_parameters(context: Any, path_parameters: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return the parameters of a path, most of them replaced by known ones."""
    return path_parameters and {
        name: _choose(_key(context.operation.path, name), value) for name, value in path_parameters.items()
    }


@schemathesis.hook
def map_query(context: Any, query: dict[str, Any] | None) -> dict[str, Any] | None:  # noqa: ARG001
    """Return the parameters of a query, most of them replaced by known ones."""
    return query and {name: _choose(name, value) for name, value in query.items()}


@schemathesis.hook
def map_body(context: Any, body: Any) -> Any:
    """Return the body; the contracts in it are readable and of the right consumer."""
    if context.operation.path == "/contracts/publish" and isinstance(body, dict):
        for each in body.get("contracts") or () if isinstance(body.get("contracts"), list) else ():
            if isinstance(each, dict) and isinstance(each.get("content"), str):
                each |= {"consumerName": body.get("pacticipantName"), "content": PACT}
    return body


def _key(path: str, name: str) -> str:
    if name != "uuid":
        return name
    before = path.partition("/{uuid}")[0].rpartition("/")[2]
    return IDENTIFIERS.get(before, "environment" if before == "environment" else before)


def _choose(key: str, value: Any) -> Any:
    known = KNOWN.get(key)
    if not known or not isinstance(value, str):
        return value
    number = crc32(value.encode("utf-8", "surrogatepass"))
    return known[number // 4 % len(known)] if number % 4 else value
