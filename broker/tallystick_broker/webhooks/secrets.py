"""Secrets of webhooks: sealed in the database, and opened to be sent.

A sealed text is encrypted with a key stream of HMAC-SHA256 in counter mode and authenticated by another
HMAC (encrypt-then-MAC), both from the standard library. It names its key, so that a key can be replaced.
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from tallystick_broker.db import find_or_create
from tallystick_broker.errors import Conflict
from tallystick_broker.models import Setting

SETTING = "secret_key"
BLOCK = NONCE = TAG = 32


@dataclass(frozen=True)
class Keys:
    """The keys that may open a secret; the first one seals."""

    texts: tuple[str, ...]

    def seal(self, text: str) -> str:
        """Return the text as only the first key opens it."""
        key = self.texts[0]
        nonce = secrets.token_bytes(NONCE)
        hidden = nonce + _mask(text.encode(), key, nonce)
        return f"{_name(key)}.{base64.urlsafe_b64encode(hidden + _sign(hidden, key)).decode()}"

    def open(self, sealed: str) -> str:
        """Return the text that was sealed; raise Conflict when its key is not among these, or it was changed."""
        name, _, rest = sealed.partition(".")
        data = base64.urlsafe_b64decode(rest)
        hidden, tag = data[:-TAG], data[-TAG:]
        for key in self.texts:
            if name == _name(key) and hmac.compare_digest(tag, _sign(hidden, key)):
                return _mask(hidden[NONCE:], key, hidden[:NONCE]).decode()
        raise Conflict(
            "The secrets of this webhook were sealed with another key: set TALLYSTICK_SECRET_KEY to that key, or "
            "define the webhook again with its headers and its password."
        )


def find_keys(session: Session, configured: str | None) -> Keys:
    """Return the keys that can open secrets: the configured one, and the one that the broker made for itself."""
    made = session.scalar(select(Setting.value).filter_by(name=SETTING))
    return Keys(tuple(key for key in (configured, made) if key))


def ensure_keys(session: Session, configured: str | None) -> Keys:
    """Return the keys that can open secrets, and one of which can seal.

    Without a configured key the broker makes one and keeps it in the database: whoever reads the whole database
    can open what it sealed, so a key from outside is better.
    """
    if configured is None:
        find_or_create(session, Setting, {"name": SETTING}, {"value": secrets.token_urlsafe(32)})
    return find_keys(session, configured)


def _name(key: str) -> str:
    return _derive(key, "name").hex()[:8]


def _sign(data: bytes, key: str) -> bytes:
    return hmac.digest(_derive(key, "sign"), data, "sha256")


def _mask(data: bytes, key: str, nonce: bytes) -> bytes:
    """Return the data with the key stream laid over it; twice gives the data again."""
    derived = _derive(key, "encrypt")
    blocks = range(-(-len(data) // BLOCK))
    stream = b"".join(hmac.digest(derived, nonce + block.to_bytes(8), "sha256") for block in blocks)
    return bytes(one ^ other for one, other in zip(data, stream, strict=False))


def _derive(key: str, purpose: str) -> bytes:
    return hashlib.blake2b(key.encode(), digest_size=32, person=purpose.encode()).digest()
