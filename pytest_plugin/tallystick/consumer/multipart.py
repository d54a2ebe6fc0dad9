"""Multipart bodies, whose boundary follows from what they hold: the same test writes the same bytes."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, NamedTuple

from pact.match import AbstractMatcher

from tallystick.consumer.bodies import Binary, Body, Payload, plain_payload
from tallystick.consumer.notation import Rules, findable, member
from tallystick.consumer.values import text
from tallystick.errors import DeclarationError

__tracebackhide__ = True

Part = str | AbstractMatcher[str] | tuple[str, Body] | tuple[str, Body, str]
"""The text of a field, or the name, the content and perhaps the content type of a file."""

Multipart = Mapping[str, Part]

ANY_BOUNDARY = r"multipart/form-data;(\s*charset=[^;]*;)?\s*boundary=.*"


class _Part(NamedTuple):
    name: str
    filename: str | None
    content: bytes
    content_type: str
    rules: dict[str, Rules]

    def to_bytes(self) -> bytes:
        disposition = f'form-data; name="{_quoted(self.name)}"'
        lines = [f"Content-Disposition: {disposition}"]
        if self.filename is not None:
            lines = [
                f'{lines[0]}; filename="{_quoted(self.filename)}"',
                f"Content-Type: {self.content_type}",
            ]
        return "\r\n".join([*lines, "", ""]).encode() + self.content


def multipart_payload(parts: Multipart) -> Payload:
    """Return the body of such a form; raises DeclarationError for what a contract cannot hold."""
    if not parts:
        raise DeclarationError("multipart= without a part is no body: leave it out")
    read = [_read(text(name, "the name of a part"), part) for name, part in parts.items()]
    pieces = [part.to_bytes() for part in read]
    boundary = f"tallystick-{sha256(b''.join(pieces)).hexdigest()[:24]}"
    body = b"".join(f"--{boundary}\r\n".encode() + piece + b"\r\n" for piece in pieces)
    rules: dict[str, Rules] = {
        "header": {
            "Content-Type": {"combine": "AND", "matchers": [{"match": "regex", "regex": ANY_BOUNDARY}]}
        }
    }
    matched = {findable(member("$", part.name)): part.rules["body"]["$"] for part in read if part.rules}
    return Payload(
        body + f"--{boundary}--\r\n".encode(),
        f"multipart/form-data; boundary={boundary}",
        rules | ({"body": matched} if matched else {}),
    )


def _read(name: str, part: Any) -> _Part:
    filename, kind = None, None
    if isinstance(part, tuple) and len(part) in {2, 3}:
        filename = text(part[0], f"the file name of part {name!r}")
        kind = text(part[2], f"the content type of part {name!r}") if len(part) == 3 else None
        part = part[1]
    if part == "":
        return _Part(name, filename, b"", kind or "text/plain", {})
    payload = plain_payload(part) if isinstance(part, str | bytes | Binary | AbstractMatcher) else None
    if payload is None or not isinstance(payload.body, bytes) or (filename is None and not payload.is_text):
        raise DeclarationError(
            f"part {name!r} is {part!r}: give its text, or (filename, content) or (filename, content, content type)"
        )
    return _Part(name, filename, payload.body, kind or payload.content_type, payload.rules)


def _quoted(name: str) -> str:
    """A name as browsers write it into a part's header (WHATWG, multipart form data)."""
    return name.replace("\r", "%0D").replace("\n", "%0A").replace('"', "%22")
