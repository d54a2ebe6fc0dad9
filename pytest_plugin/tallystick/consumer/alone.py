"""`mock`: a mock of a provider for a block of code, in a test of pytest, of unittest or of neither."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tallystick.consumer.caller import calling_test
from tallystick.consumer.failure import explain
from tallystick.consumer.journal import write_down
from tallystick.consumer.mock import Mock
from tallystick.errors import DeclarationError, MismatchError
from tallystick.running import in_pytest, running_test

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from types import TracebackType

    import pytest

__tracebackhide__ = True


def mock(
    provider: str,
    *,
    consumer: str | None = None,
    specification: int | None = None,
    folder: str | Path = "contracts",
) -> AbstractContextManager[Mock]:
    """Return a mock of this provider for a `with` block; what is declared is recorded if the block keeps to it.

    Under pytest its settings hold, and the mock belongs to the test that runs. Otherwise `consumer` is needed, the
    Pact specification is 4 unless given, and the contract is in the folder when the block is left. A block that
    ends by itself but did not keep to what it declared raises MismatchError, or fails its test of pytest.
    Raises DeclarationError without a consumer, and under pytest where no test runs.
    """
    test = running_test()
    if test:
        from tallystick.consumer.fixture import mock_for

        return _InPytest(mock_for(test.config, provider, consumer, specification), test)
    if in_pytest():
        raise DeclarationError("tallystick.mock(…) belongs into a test or a fixture: no test is running here")
    if not consumer:
        raise DeclarationError(f"the consumer needs a name: tallystick.mock({provider!r}, consumer='…')")
    return _Alone(Mock(consumer, provider, specification=specification or 4, root=Path.cwd()), Path(folder))


class _InPytest:
    def __init__(self, mock: Mock, test: pytest.Item) -> None:
        self._mock = mock
        self._test = test

    def __enter__(self) -> Mock:
        from tallystick.consumer.enlisting import enlist

        enlist(self._mock, self._test)
        return self._mock

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        import pytest

        self._mock.close()
        seen = self._mock.outcome()
        if failure is None and not seen.kept:
            pytest.fail(explain(self._mock.consumer, self._mock.provider, seen), pytrace=False)


class _Alone:
    def __init__(self, mock: Mock, folder: Path) -> None:
        self._mock = mock
        self._folder = folder

    def __enter__(self) -> Mock:
        self._caller = calling_test(Path.cwd())
        return self._mock

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._mock.close()
        seen = self._mock.outcome()
        told = explain(self._mock.consumer, self._mock.provider, seen)
        if failure and seen.tells_why:
            failure.add_note(told)
        elif not failure and not seen.kept:
            raise MismatchError(told)
        elif not failure and not self._caller.failed:
            write_down(self._folder, self._caller.name, self._mock.documents())
