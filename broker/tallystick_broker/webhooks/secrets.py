"""Secrets of webhooks: sealed in the database, and opened to be sent."""

import base64
import hashlib
import secrets
from dataclasses import dataclass

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import select
from sqlalchemy.orm import Session

from tallystick_broker.db import find_or_create
from tallystick_broker.errors import Conflict
from tallystick_broker.models import Setting

SETTING = "secret_key"


@dataclass(frozen=True)
class Keys:
    """The keys that may open a secret; the first one seals."""

    texts: tuple[str, ...]

    def seal(self, text: str) -> str:
        """Return the text as only the first key opens it."""
        return _fernet(self.texts[0]).encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """Return the text that was sealed; raise Conflict when its key is not among these, or it was changed."""
        try:
            return MultiFernet([_fernet(text) for text in self.texts]).decrypt(sealed.encode()).decode()
        except (InvalidToken, ValueError):
            raise Conflict(
                "The secrets of this webhook were sealed with another key: set TALLYSTICK_SECRET_KEY to that key, "
                "or define the webhook again with its headers and its password."
            ) from None


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


def _fernet(key: str) -> Fernet:
    """Return the cipher of a key, which may be any text."""
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest()))
