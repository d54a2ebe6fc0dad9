"""Passwords: kept as hashes, and compared in constant time."""

import hashlib
import hmac
import secrets

COST, BLOCK, LANES = 2**14, 8, 1
"""Parameters of scrypt (RFC 7914), which makes each guess take milliseconds."""


class Password:
    """A password that can be recognised but not told."""

    def __init__(self, text: str) -> None:
        self._salt = secrets.token_bytes(16)
        self._hash = self._stretch(text)
        # Clients send the password with every request. What was recognised once is recognised quickly, by a key
        # that exists in this process alone.
        self._key = secrets.token_bytes(32)
        self._seen: bytes | None = None

    def is_(self, text: str) -> bool:
        """Return whether this is the password."""
        tag = hashlib.blake2b(text.encode(), key=self._key).digest()
        if self._seen is not None and hmac.compare_digest(tag, self._seen):
            return True
        if not hmac.compare_digest(self._stretch(text), self._hash):
            return False
        self._seen = tag
        return True

    def _stretch(self, text: str) -> bytes:
        return hashlib.scrypt(text.encode(), salt=self._salt, n=COST, r=BLOCK, p=LANES)
