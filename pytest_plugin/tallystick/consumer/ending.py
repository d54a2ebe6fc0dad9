"""The end of a run that recorded something: write or check, publish if asked, and tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tallystick.consumer.publishing import publish
from tallystick.consumer.recording import Outcomes, Planned, RecordingError, plan, write

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tallystick.consumer.contract_file import ContractFile
    from tallystick.consumer.merging import Owned
    from tallystick.consumer.run import Run
    from tallystick.settings import Settings


@dataclass(frozen=True)
class Ended:
    """What the summary and the report say, and whether everything that was asked for is done."""

    lines: list[str]
    done: bool
    recorded: tuple[Planned, ...] = ()
    checked: bool = False

    @property
    def written(self) -> list[ContractFile]:
        """The contracts whose files were written."""
        planned = [] if self.checked else self.recorded
        return [each.file for each in planned if each.merged.interactions]


def end(run: Run, settings: Settings, *, passed: bool) -> Ended:
    """Write the contracts that the run recorded, or compare them, and publish them if that was asked for.

    They are published when every test passed, and nothing in them is of a test that did not.
    """
    tests = Outcomes(run.passed, lambda test: _is_gone(test, run, settings))
    try:
        planned = plan(tests, settings.directory, settings.name if settings.prune else None)
        lines, done = _check(planned, settings) if settings.check else _write(planned, run, settings)
    except RecordingError as error:
        return Ended([f"not recorded  {reason}" for reason in error.args], done=False)
    except OSError as error:
        folder = settings.show(settings.directory)
        return Ended([f"not recorded  {folder} cannot be written: {error.strerror}"], done=False)
    recorded = tuple(each for each in planned if each.touched)
    if not settings.publish or not done:
        return Ended(lines, done, recorded, settings.check)
    published = _publish(planned, settings, passed=passed)
    return Ended(lines + published.lines, published.done, recorded, settings.check)


def _is_gone(test: str | None, run: Run, settings: Settings) -> bool:
    """Pruning means that this run has collected every test there is; otherwise what is not known stays."""
    if settings.prune:
        return test not in run.collection.tests
    return test is not None and run.collection.is_gone(test, settings.root)


def _write(planned: list[Planned], run: Run, settings: Settings) -> tuple[list[str], bool]:
    write(planned)
    return list(_recorded_lines([each for each in planned if each.touched], run, settings)), True


def _check(planned: list[Planned], settings: Settings) -> tuple[list[str], bool]:
    """Compare the files with what they would be, and write nothing."""
    touched = [each for each in planned if each.touched]
    lines: list[str] = []
    for each, path in zip(touched, _paths(touched, settings), strict=True):
        merged = each.merged
        lines.append(f"{'differs ' if each.differs else 'checked '}  {path}  {_counted(each)}")
        lines += [f'          would add "{owned.description}"' for owned in merged.added]
        lines += [f'          would change "{owned.description}"' for owned in merged.changed]
        lines += [f'          would remove "{owned.description}"' for owned in merged.removed]
    differ = any(each.differs for each in touched)
    if differ:
        lines.append("          run the tests without --contracts-check, and commit what they record")
    return lines, not differ


def _publish(planned: list[Planned], settings: Settings, *, passed: bool) -> Ended:
    from tallystick_client import BrokerError

    if not passed:
        return Ended(["not published  the run did not pass"], done=False)
    unproven = sorted({test for each in planned for test in each.unproven})
    if unproven:
        named = ", ".join(unproven[:3]) + (", …" if unproven[3:] else "")
        return Ended([f"not published  contracts hold what did not pass in this run: {named}"], done=False)
    lines: list[str] = []
    try:
        lines.extend(publish([each.file for each in planned if each.recorded], settings))
    except BrokerError as error:
        return Ended([*lines, *f"not published  {error}".splitlines()], done=False)
    return Ended(lines, done=True)


def _recorded_lines(touched: list[Planned], run: Run, settings: Settings) -> Iterator[str]:
    for each, path in zip(touched, _paths(touched, settings), strict=True):
        yield f"recorded  {path}  {_counted(each)}"
        for owned in each.merged.removed:
            yield f'          removed "{owned.description}": {_why_removed(owned, run)}'
        if not each.merged.interactions:
            yield f"          removed {path.strip()}: nothing is left of it"


def _paths(planned: list[Planned], settings: Settings) -> list[str]:
    shown = [settings.show(each.file.path) for each in planned]
    return [path.ljust(max(map(len, shown))) for path in shown]


def _counted(each: Planned) -> str:
    merged = each.merged
    count = len(merged.interactions)
    kept = f", {len(each.unproven)} kept of tests that did not pass now" if each.unproven else ""
    changes = f"(+{len(merged.added)} -{len(merged.removed)} ~{len(merged.changed)})"
    return f"{count} interaction{'' if count == 1 else 's'} {changes}{kept}"


def _why_removed(owned: Owned, run: Run) -> str:
    if owned.test is None:
        return "no test is known to own it"
    return "its test no longer declares it" if owned.test in run.passed else "its test is gone"


def to_json(ended: Ended, settings: Settings) -> list[dict[str, Any]]:
    """Return what the report says of each contract that this run had something to say on."""
    return [
        {
            "path": settings.show(each.file.path),
            "consumer": each.file.consumer,
            "provider": each.file.provider,
            "specification": each.file.specification,
            "interactions": len(each.merged.interactions),
            "added": [owned.description for owned in each.merged.added],
            "changed": [owned.description for owned in each.merged.changed],
            "removed": [owned.description for owned in each.merged.removed],
            "kept": each.unproven,
        }
        for each in ended.recorded
    ]
