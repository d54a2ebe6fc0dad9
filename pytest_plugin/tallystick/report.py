"""The report of a run for other programs: what the summary says, as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tallystick.files import write_whole
from tallystick.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def write(path: Path, session: pytest.Session) -> None:
    """Write what was recorded and verified in this run to the file; raises OSError."""
    from tallystick.consumer import hooks as consumer
    from tallystick.provider import hooks as provider

    config = session.config
    settings = Settings.of(config)
    document = {
        "name": settings.name,
        "version": settings.version() if settings.publish else None,
        "branch": settings.branch() if settings.publish else None,
        "exit_code": int(session.exitstatus),
        "recorded": consumer.report(config),
        "verified": provider.report(config),
        "summary": [*consumer.summary(config), *provider.summary(config)],
    }
    write_whole(path, json.dumps(document, indent=2, ensure_ascii=False) + "\n")
