"""Secrets of webhooks in the database."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tallystick_broker.errors import Conflict
from tallystick_broker.webhooks.secrets import Keys, ensure_keys, find_keys

KEY, OTHER = "k" * 32, "o" * 32
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@given(TEXTS)
def test_what_was_sealed_is_opened(text: str) -> None:
    """A secret comes back as it was, and is sealed differently each time."""
    keys = Keys((KEY,))
    sealed = keys.seal(text)
    assert keys.open(sealed) == text
    assert sealed != keys.seal(text)


def test_another_key_does_not_open() -> None:
    """With another key the message says what to do, and nothing of the secret."""
    with pytest.raises(Conflict, match="TALLYSTICK_SECRET_KEY") as caught:
        Keys((OTHER,)).open(Keys((KEY,)).seal("hush"))
    assert "hush" not in str(caught.value)


@given(st.data(), TEXTS.filter(len))
def test_a_changed_secret_is_noticed(data: st.DataObject, text: str) -> None:
    """Whoever changes a bit of what is stored does not get it sent somewhere as if it were the secret."""
    stored = bytearray(base64.urlsafe_b64decode(Keys((KEY,)).seal(text)))
    stored[data.draw(st.integers(0, len(stored) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(Conflict):
        Keys((KEY,)).open(base64.urlsafe_b64encode(bytes(stored)).decode())


def test_a_key_may_be_set_later(session: Session) -> None:
    """What the broker sealed with a key of its own stays readable when a key is set, which seals from then on."""
    sealed = ensure_keys(session, None).seal("old")
    keys = ensure_keys(session, KEY)
    assert keys.open(sealed) == "old"
    assert Keys((KEY,)).open(keys.seal("new")) == "new"


def test_the_broker_makes_one_key(session: Session) -> None:
    """Without a key in the settings all replicas share the one that was made first."""
    assert ensure_keys(session, None) == ensure_keys(session, None) == find_keys(session, None)
