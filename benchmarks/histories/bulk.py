"""A history written into a database of the broker in bulk, as the broker's own verbs would leave it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import singledispatchmethod
from typing import Any

from sqlalchemy import Connection, Engine, FromClause, func, insert, select, text

from histories import records
from histories.naming import write_document
from tallystick_broker import models
from tallystick_broker.models import Base
from tallystick_broker.participants import display_name
from tallystick_contracts.documents import compact
from tallystick_contracts.fingerprint import fingerprint, with_ids

COLUMNS: dict[type[Base], str] = {
    models.Environment: "id uuid name display_name production created_at updated_at",
    models.Participant: "id name display_name main_branch created_at updated_at",
    models.Version: "id participant_id number created_at updated_at",
    models.Branch: "id participant_id name created_at updated_at",
    models.BranchVersion: "branch_id version_id auto_created created_at updated_at",
    models.Content: (
        "id consumer_id provider_id fingerprint document interactions_count messages_count created_at"
    ),
    models.Publication: (
        "id consumer_id consumer_version_id provider_id content_id revision in_effect created_at"
    ),
    models.Result: (
        "id content_id consumer_id provider_id provider_version_id success wip pending provider_tags "
        "executed_at created_at"
    ),
    models.Integration: "consumer_id provider_id contract_data_updated_at created_at updated_at",
    models.DeployedVersion: (
        "id uuid environment_id participant_id version_id application_instance auto_created undeployed_at "
        "created_at updated_at"
    ),
    models.ReleasedVersion: (
        "id uuid environment_id participant_id version_id support_ended_at created_at updated_at"
    ),
    models.LiveVersion: "environment_id participant_id version_id deployed_version_id released_version_id",
}
"""The columns that are written, in the order in which tables refer to each other."""

CHUNK = 50_000
"""Records between two writes, so that memory does not grow with the history."""

Row = Sequence[Any]


def fill(engine: Engine, history: Iterable[records.Record]) -> None:
    """Write a history into a migrated, empty database, in one transaction."""
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")  # which is ignored within a transaction
        connection.commit()
        with connection.begin():
            write(connection, history)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE" if connection.dialect.name == "postgresql" else "ANALYZE"))
    engine.dispose()  # with the connection that does not check foreign keys


def write(connection: Connection, history: Iterable[records.Record]) -> None:
    """Write a history in the connection's transaction, into tables that are empty."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL TIME ZONE 'UTC'"))
    book = Book()
    for number, record in enumerate(history, 1):
        book.note(record)
        if number % CHUNK == 0:
            _write(connection, book.take())
    book.close()
    _write(connection, book.take())
    _sum_up(connection)
    advance_sequences(connection, [model.__table__ for model in COLUMNS])


class Book:
    """What a history has come to: the rows that are to be written, and the ids of what they refer to."""

    def __init__(self) -> None:
        self._rows: dict[type[Base], list[Row]] = {model: [] for model in COLUMNS}
        self._used: dict[type[Base], int] = defaultdict(int)
        self._ids: dict[tuple[type[Base], str | tuple[int, str]], int] = {}
        self._contents: dict[str, tuple[int, int, int]] = {}
        self._pairs: dict[tuple[int, int], tuple[str, str]] = {}
        self._deployments: list[list[Any]] = []
        self._releases: list[list[Any]] = []
        self._slots: dict[tuple[int, int, str], list[Any]] = {}
        self._supported: dict[tuple[int, int], list[Any]] = {}

    def take(self) -> dict[type[Base], list[Row]]:
        """Return the rows since the last time."""
        rows, self._rows = self._rows, {model: [] for model in COLUMNS}
        return rows

    def close(self) -> None:
        """Add the rows that could change until the end: deployments, releases, and what they make live."""
        self._rows[models.Integration] += [
            (*pair, last, first, last) for pair, (first, last) in self._pairs.items()
        ]
        self._rows[models.DeployedVersion] += self._deployments
        self._rows[models.ReleasedVersion] += self._releases
        running = [(*row[2:5], row[0], None) for row in self._deployments if row[7] is None]
        supported = [(*row[2:5], None, row[0]) for row in self._releases if row[5] is None]
        self._rows[models.LiveVersion] += running + supported

    @singledispatchmethod
    def note(self, record: Any) -> None:
        """Add what a record leads to."""
        raise TypeError(f"{record!r} is no record of a history")

    @note.register
    def _(self, record: records.Environment) -> None:
        at = _write_moment(record.at)
        title = display_name(record.name)
        self._add(
            models.Environment, record.name, models.new_uuid(), record.name, title, record.production, at, at
        )

    @note.register
    def _(self, record: records.Participant) -> None:
        at = _write_moment(record.at)
        self._add(models.Participant, record.name, record.name, display_name(record.name), "main", at, at)

    @note.register
    def _(self, record: records.Version) -> None:
        at = _write_moment(record.at)
        participant = self._ids[models.Participant, record.participant]
        version = self._add(models.Version, (participant, record.number), participant, record.number, at, at)
        branch = self._ids.get((models.Branch, (participant, record.branch)))
        if branch is None:
            key = (participant, record.branch)
            branch = self._add(models.Branch, key, participant, record.branch, at, at)
        self._rows[models.BranchVersion].append((branch, version, False, at, at))

    @note.register
    def _(self, record: records.Content) -> None:
        document = write_document(record.id, record.consumer, record.provider, record.interactions)
        consumer, provider = (
            self._ids[models.Participant, name] for name in (record.consumer, record.provider)
        )
        text_of = compact(with_ids(document), ascii_only=True)
        stored = (fingerprint(document), text_of, record.interactions, 0, _write_moment(record.at))
        key = self._add(models.Content, record.id, consumer, provider, *stored)
        self._contents[record.id] = (key, consumer, provider)

    @note.register
    def _(self, record: records.Publication) -> None:
        content, consumer, provider = self._contents[record.content]
        version = self._ids[models.Version, (consumer, record.version)]
        at = self._touch(consumer, provider, record.at)
        self._add(models.Publication, None, consumer, version, provider, content, 1, True, at)

    @note.register
    def _(self, record: records.Verification) -> None:
        content, consumer, provider = self._contents[record.content]
        version = self._ids[models.Version, (provider, record.version)]
        at = self._touch(consumer, provider, record.at)
        whose = (content, consumer, provider, version)
        self._add(models.Result, None, *whose, record.success, False, False, "[]", at, at)

    @note.register
    def _(self, record: records.Deployment) -> None:
        at = _write_moment(record.at)
        environment, participant, version = self._place(record)
        slot = (environment, participant, record.instance)
        before = self._slots.get(slot)
        if before is not None and before[4] == version:
            return
        if before is not None:
            before[7] = before[9] = at
        key = len(self._deployments) + 1
        self._slots[slot] = [key, models.new_uuid(), environment, participant, version]
        self._slots[slot] += [record.instance, False, None, at, at]
        self._deployments.append(self._slots[slot])

    @note.register
    def _(self, record: records.Release) -> None:
        at = _write_moment(record.at)
        environment, participant, version = self._place(record)
        key = len(self._releases) + 1
        row = [key, models.new_uuid(), environment, participant, version, None, at, at]
        self._supported[environment, version] = row
        self._releases.append(row)

    @note.register
    def _(self, record: records.SupportEnd) -> None:
        environment, _, version = self._place(record)
        row = self._supported.pop((environment, version))
        row[5] = row[7] = _write_moment(record.at)

    def _add(self, model: type[Base], name: str | tuple[int, str] | None, *values: Any) -> int:
        """Add a row and return its id, by which it is found again if it has a name."""
        self._used[model] += 1
        key = self._used[model]
        self._rows[model].append((key, *values))
        if name is not None:
            self._ids[model, name] = key
        return key

    def _touch(self, consumer: int, provider: int, at: datetime) -> str:
        moment = _write_moment(at)
        first, _ = self._pairs.get((consumer, provider), (moment, moment))
        self._pairs[consumer, provider] = first, moment
        return moment

    def _place(
        self, record: records.Deployment | records.Release | records.SupportEnd
    ) -> tuple[int, int, int]:
        participant = self._ids[models.Participant, record.participant]
        version = self._ids[models.Version, (participant, record.version)]
        return self._ids[models.Environment, record.environment], participant, version


def _write(connection: Connection, rows: dict[type[Base], list[Row]]) -> None:
    for model, listed in rows.items():
        if not listed:
            continue
        columns = COLUMNS[model].split()
        names = f"{model.__tablename__} ({', '.join(columns)})"
        if connection.dialect.name == "postgresql":
            driver: Any = connection.connection.driver_connection
            with driver.cursor() as cursor, cursor.copy(f"COPY {names} FROM STDIN") as copy:
                for row in listed:
                    copy.write_row(row)
        else:
            marks = ", ".join("?" * len(columns))
            statement = f"INSERT INTO {names} VALUES ({marks})"  # noqa: S608 (names of our own)
            connection.exec_driver_sql(statement, [tuple(row) for row in listed])


def _sum_up(connection: Connection) -> None:
    """Write the tables that sum the others up; in these histories a version joins one branch, and only once."""
    result, member = models.Result, models.BranchVersion
    latest = select(result.content_id, result.provider_version_id, func.max(result.id))
    heads = select(member.branch_id, func.max(member.version_id)).group_by(member.branch_id)
    for model, columns, found in (
        (
            models.LatestResult,
            ["content_id", "provider_version_id", "result_id"],
            latest.group_by(result.content_id, result.provider_version_id),
        ),
        (models.BranchHead, ["branch_id", "version_id"], heads),
    ):
        connection.execute(insert(model).from_select(columns, found))


def advance_sequences(connection: Connection, tables: Iterable[FromClause]) -> None:
    """Let new ids of these tables go on after those that were written, which PostgreSQL does not do by itself."""
    if connection.dialect.name != "postgresql":
        return
    keys = [table.c.id for table in tables if "id" in table.c]
    sequences = [func.pg_get_serial_sequence(key.table.description, key.name) for key in keys]
    newest = [
        select(func.setval(sequence, func.max(key))).scalar_subquery()
        for sequence, key in zip(sequences, keys, strict=True)
    ]
    connection.execute(select(*newest))


def _write_moment(at: datetime) -> str:
    """Return a moment as SQLite keeps it, and as PostgreSQL reads it in UTC."""
    return at.strftime("%Y-%m-%d %H:%M:%S.000000")
