"""Answers of the broker, held against what its description says of them."""

import json
import re
from functools import cache
from typing import Any

import jsonschema_rs
from sqlalchemy.orm import sessionmaker
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map

from tallystick_broker.api.openapi import describe
from tallystick_broker.api.paths import MatchedRule, NameConverter, RawPath
from tallystick_broker.app import build
from tallystick_broker.config import Config

Json = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"


class Description:
    """The description of the API, as a program reads it."""

    def __init__(self, document: Json) -> None:
        self.document = document
        rules = [
            MatchedRule(re.sub(r"{(\w+)}", r"<name:\1>", path), endpoint=path, methods=[method])
            for path, methods in document["paths"].items()
            for method in methods
        ]
        self.map = Map(rules, converters={"name": NameConverter}, merge_slashes=False)
        self._validator = cache(self._make_validator)

    def find_fault(
        self, method: str, address: str, status: int, content_type: str, body: bytes
    ) -> str | None:
        """Return what about the answer contradicts the description, or None.

        Nothing is said of addresses that are none, and of errors as pages.
        """
        path = self._match(method, address)
        media_type = content_type.partition(";")[0]
        if path is None or method == "HEAD" or (media_type == "text/html" and status >= 400):
            return None
        responses = self.document["paths"][path][method.lower()]["responses"]
        if str(status) not in responses:
            return f"{method} {path} is not said to answer {status}: {body[:200]!r}"
        content = self._resolve(responses[str(status)]).get("content", {})
        if not body or (media_type.endswith("problem+json") and not content):
            return None
        if media_type not in content:
            return f"{method} {path} is not said to answer {status} with {media_type}"
        if "json" not in media_type:
            return None
        try:
            self._validator(path, method.lower(), str(status), media_type).validate(json.loads(body))
        except jsonschema_rs.ValidationError as error:
            return f"{method} {path} answers {status} with another document than it says: {error}"
        return None

    def _match(self, method: str, address: str) -> str | None:
        seen: Json = {}

        def note(environ: Any, _: Any) -> list[bytes]:
            seen.update(environ)
            return []

        RawPath(note)({"REQUEST_URI": address}, lambda *_: lambda _: None)
        try:
            path = seen["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")
            return str(self.map.bind("").match(path, method)[0])
        except HTTPException:
            return None

    def _resolve(self, described: Json) -> Json:
        reference: str = described.get("$ref", "")
        found: Json = (
            self.document["components"]["responses"][reference.rpartition("/")[2]] if reference else described
        )
        return found

    def _make_validator(
        self, path: str, method: str, status: str, media_type: str
    ) -> jsonschema_rs.Validator:
        response = self._resolve(self.document["paths"][path][method]["responses"][status])
        schema = response["content"][media_type]["schema"]
        return jsonschema_rs.validator_for(
            {"$schema": DIALECT, "allOf": [schema], "components": self.document["components"]}
        )


@cache
def description() -> Description:
    """Return the description that the broker has of itself."""
    with build(Config(), sessionmaker()).test_request_context():
        return Description(json.loads(json.dumps(describe())))
