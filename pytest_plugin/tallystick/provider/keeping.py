"""Contracts of an earlier run, for one without a network: in pytest's cache."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from tallystick.provider.selection import Selection

if TYPE_CHECKING:
    from tallystick.provider.options import Options
    from tallystick.settings import Settings


def keep(config: pytest.Config, key: str, selection: Selection) -> None:
    """Keep what was found, unless it could not be read."""
    cache: pytest.Cache | None = getattr(config, "cache", None)
    if cache and not selection.problem:
        cache.set(key, selection.to_json())


def recall(config: pytest.Config, key: str, provider: str) -> Selection:
    """What was kept; a selection with a problem when there is nothing."""
    cache: pytest.Cache | None = getattr(config, "cache", None)
    text = cache.get(key, None) if cache else None
    if isinstance(text, str):
        return Selection.from_json(text)
    problem = "--contracts-offline: no run has kept these contracts in pytest's cache, run once without it"
    return Selection(provider, "", problem=problem)


def name_key(settings: Settings, options: Options, marked: str) -> str:
    """The key of what this source has for this provider and these consumer versions."""
    source = settings.source or marked or settings.broker_url or ""
    words = "\n".join([settings.name or "", source, settings.broker_url or "", *options.select])
    return f"tallystick/contracts-{sha256(words.encode()).hexdigest()[:16]}"
