"""What is told at the end of a run: the summary for people, and the report for other programs."""

from __future__ import annotations

import json

import pytest

from tallystick.consumer import hooks as consumer
from tallystick.files import write_whole
from tallystick.provider import hooks as provider
from tallystick.settings import Settings


def finish(session: pytest.Session) -> None:
    """Write what was recorded and verified in this run to the file that was asked for; without one, fail the run."""
    config = session.config
    settings = Settings.of(config)
    if not settings.report:
        return
    document = {
        "name": settings.name,
        "version": settings.version() if settings.publish else None,
        "branch": settings.branch() if settings.publish else None,
        "exit_code": int(session.exitstatus),
        "recorded": consumer.report(config),
        "verified": provider.report(config),
        "summary": summary(config),
    }
    try:
        write_whole(settings.report, json.dumps(document, indent=2, ensure_ascii=False) + "\n")
    except OSError as error:
        pytest.exit(f"--contracts-report cannot be written: {error}", returncode=pytest.ExitCode.TESTS_FAILED)


def show(terminal: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print what was recorded, verified and published in one section, when there is anything to say."""
    lines = summary(config)
    if lines:
        terminal.write_sep("=", "tallystick")
        for line in lines:
            terminal.write_line(line)


def summary(config: pytest.Config) -> list[str]:
    """Return the lines of the summary."""
    lines = [*consumer.summary(config), *provider.summary(config)]
    if not lines and config.getoption("--contracts-publish"):
        return ["not published  no test recorded or verified anything"]
    return lines
