"""The database on which the tests of a module play."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from story import Story

Tell = Callable[[Story], object]


class Stage:
    """A connection with a background for the tests, told once for all that follow each other with the same one."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._transaction = connection.begin()
        self._background: Tell | None = None

    @contextmanager
    def play(self, background: Tell | None) -> Iterator[Connection]:
        """Yield the connection before this background; what is done with it is undone afterwards."""
        if background is not self._background:
            self.clear()
            self._transaction = self._connection.begin()
            if background is not None:
                with Session(self._connection, join_transaction_mode="create_savepoint") as session:
                    background(Story(session))
                    session.commit()
            self._background = background
        with self._connection.begin_nested() as savepoint:
            yield self._connection
            savepoint.rollback()

    def clear(self) -> None:
        """Undo the background."""
        self._transaction.rollback()
        self._background = None
