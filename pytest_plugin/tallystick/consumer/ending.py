"""The end of a run that recorded something: write, publish if asked, and tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tallystick.consumer.publishing import publish
from tallystick.consumer.recording import Outcomes, RecordingError, Written, record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tallystick.consumer.merging import Owned
    from tallystick.consumer.run import Run
    from tallystick.settings import Settings


@dataclass(frozen=True)
class Ended:
    """The lines for the summary, and whether everything that was asked for is done."""

    lines: list[str]
    done: bool


def end(run: Run, settings: Settings, *, passed: bool) -> Ended:
    """Write the contracts that the run recorded, and publish them if that was asked for and every test passed."""
    tests = Outcomes(run.passed, lambda test: run.collection.is_gone(test, settings.root))
    try:
        written = record(tests, settings.directory)
    except RecordingError as error:
        return Ended([f"not recorded  {reason}" for reason in error.args], done=False)
    except OSError as error:
        return Ended([f"not recorded  {settings.directory} cannot be written: {error}"], done=False)
    lines = list(_recorded_lines([item for item in written if item.touched], run, settings))
    if not settings.publish:
        return Ended(lines, done=True)
    published = _publish(written, settings, passed=passed)
    return Ended(lines + published.lines, published.done)


def _publish(written: list[Written], settings: Settings, *, passed: bool) -> Ended:
    from tallystick_client import BrokerError

    if not passed:
        return Ended(["not published  the run did not pass"], done=False)
    unproven = sorted({test for item in written for test in item.unproven})
    if unproven:
        named = ", ".join(unproven[:3]) + (", …" if unproven[3:] else "")
        return Ended([f"not published  contracts hold what did not pass in this run: {named}"], done=False)
    lines: list[str] = []
    try:
        lines.extend(publish([item.file for item in written if item.recorded], settings))
    except BrokerError as error:
        return Ended([*lines, *f"not published  {error}".splitlines()], done=False)
    return Ended(lines, done=True)


def _recorded_lines(written: list[Written], run: Run, settings: Settings) -> Iterator[str]:
    shown = [settings.show(item.file.path) for item in written]
    for item, path in zip(written, shown, strict=True):
        merged = item.merged
        count = len(merged.interactions)
        kept = f", {len(item.unproven)} kept of tests that did not pass now" if item.unproven else ""
        yield (
            f"recorded  {path.ljust(max(map(len, shown)))}  {count} interaction{'' if count == 1 else 's'} "
            f"(+{merged.added} -{len(merged.removed)} ~{merged.changed}){kept}"
        )
        for owned in merged.removed:
            yield f'          removed "{owned.description}": {_why_removed(owned, run)}'
        if not count:
            yield f"          removed {path}: nothing is left of it"


def _why_removed(owned: Owned, run: Run) -> str:
    return "its test no longer declares it" if owned.test in run.passed else "its test is gone"
