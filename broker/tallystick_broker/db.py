"""The database: engines set up alike, and transactions that are retried when another one was quicker."""

import json
import random
import time
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import cache
from sqlite3 import Connection as SqliteConnection
from typing import Any, TypeVar, TypeVarTuple, cast

from sqlalchemy import (
    URL,
    BigInteger,
    Boolean,
    ColumnElement,
    Connection,
    Dialect,
    Engine,
    Select,
    Subquery,
    Text,
    TypeDecorator,
    bindparam,
    create_engine,
    event,
    inspect,
    literal,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError, OperationalError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import ReturningInsert
from sqlalchemy.sql.functions import FunctionElement

from tallystick_broker.errors import StartupError
from tallystick_broker.models import Base
from tallystick_broker.models.base import Json

WRITES = {"tallystick_writes": True}
"""Execution options of a transaction that will write."""

ATTEMPTS = 5
BUSY_TIMEOUT_MS = 30_000
RETRIED_SQLSTATES = {"40001", "40P01"}
"""PostgreSQL's codes for a serialization failure and for a deadlock."""

MOST_UNITED = 20
"""Statements that are sent as one: SQLite takes 500, but what a long one costs to compile is paid for each length."""

T = TypeVar("T")
Ts = TypeVarTuple("Ts")
K = TypeVar("K", bound=Hashable)
M = TypeVar("M", bound=Base)


def connect(url: str) -> Engine:
    """Return an engine for a `sqlite:///` or `postgresql+psycopg://` URL.

    Raises StartupError when the URL is no such URL or its driver is not installed.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):  # the latter for a port that is no number
        raise StartupError(
            "The database URL can't be read. It looks like sqlite:///tallystick.db or "
            "postgresql://user:password@host/database."
        ) from None
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(create_engine(parsed))
    if parsed.get_backend_name() != "postgresql":
        raise StartupError(f"{parsed.get_backend_name()} is not supported: use SQLite or PostgreSQL.")
    try:
        return _postgresql(parsed.set(drivername="postgresql+psycopg"))
    except (ModuleNotFoundError, NoSuchModuleError):
        raise StartupError(
            "PostgreSQL needs its driver: pip install 'tallystick[broker,postgres]'."
        ) from None


def sessions(engine: Engine) -> sessionmaker[Session]:
    """Return the factory of sessions on this engine."""
    return sessionmaker(engine, expire_on_commit=False)


def read(session_factory: sessionmaker[Session], work: Callable[[Session], T]) -> T:
    """Return what `work` returns; all that it reads is of one moment, however many statements it sends.

    It ends with a commit, though nothing was written: after a rollback psycopg forgets what it has prepared, and
    PostgreSQL would plan the same statements again for each request.
    """
    with session_factory() as session:
        bind = session.get_bind()
        if isinstance(bind, Engine) and bind.dialect.name == "postgresql":
            session.bind = bind.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        found = work(session)  # on SQLite a transaction reads of one moment anyway
        session.commit()
        return found


def write(session_factory: sessionmaker[Session], work: Callable[[Session], T]) -> T:
    """Return what `work` returns, run in one transaction that is committed.

    `work` is run again when a concurrent transaction made it fail, so it must do nothing but database work.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with session_factory() as session, session.begin():
                session.connection(execution_options=WRITES)
                return work(session)
        except DBAPIError as error:
            if attempt == ATTEMPTS or not _lost_a_race(error):
                raise
            time.sleep(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311 (spread, not secrecy)
    raise AssertionError("unreachable")


def _lost_a_race(error: DBAPIError) -> bool:
    if isinstance(error, IntegrityError):
        return True
    sqlstate = getattr(error.orig, "sqlstate", None)
    locked = isinstance(error, OperationalError) and "locked" in str(error.orig)
    return locked or sqlstate in RETRIED_SQLSTATES


def _postgresql(url: URL) -> Engine:
    prepared_early = {"prepare_threshold": 1}  # a statement that is sent a second time
    engine = create_engine(url, pool_size=20, pool_pre_ping=True, connect_args=prepared_early)

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _: Any) -> None:
        # All our statements look few rows up by an index, so a plan made once is as good as one made each time.
        connection.autocommit = True
        connection.execute("SET plan_cache_mode = force_generic_plan")
        connection.execute("SET jit = off")
        connection.autocommit = False

    return engine


def _sqlite(engine: Engine) -> Engine:
    @event.listens_for(engine, "connect")
    def set_up(connection: SqliteConnection, _: Any) -> None:
        connection.isolation_level = None  # the driver must not begin transactions by itself
        for pragma in (
            f"busy_timeout = {BUSY_TIMEOUT_MS}",
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
        ):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A writer that begins as a reader fails when another one writes first; an immediate one waits.
        writes = connection.get_execution_options().get("tallystick_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def find_or_create(
    session: Session, model: type[M], key: dict[str, Any], others: dict[str, Any] | None = None
) -> tuple[M, bool]:
    """Return the row with this key and whether it was made here; two that run at once get the same row.

    `key` must be covered by a unique constraint; `others` are the columns that only a new row takes.
    """
    wanted = _select_by(model, **{name: value is None for name, value in key.items()})
    rows = {None: key | (others or {})}
    found, made = find_or_create_all(session, model, wanted, rows, lambda _: None, key)
    return found[None], bool(made)


def find_or_create_all(
    session: Session,
    model: type[M],
    wanted: Select[M],
    rows: Mapping[K, Mapping[str, Any]],
    key_of: Callable[[M], K],
    given: Mapping[str, Any] | None = None,
) -> tuple[dict[K, M], set[K]]:
    """Return the row of each key, and the keys of those that were made here; three statements at most.

    `rows` has the columns for each key that is new, in the order in which rows are locked; `wanted` selects those
    that exist, with `given` for its parameters. The keys must be covered by a unique constraint.
    """
    if not rows:
        return {}, set()
    found = {key_of(each): each for each in session.scalars(wanted, given)}
    missing = [row for key, row in rows.items() if key not in found]
    made = {key_of(each): each for each in create_missing(session, model, missing)}
    found |= made
    if rows.keys() - found.keys():  # another transaction was quicker
        found |= {key_of(each): each for each in session.scalars(wanted, given)}
    return found, set(made)


def create_missing(session: Session, model: type[M], rows: Sequence[Mapping[str, Any]]) -> list[M]:
    """Return the rows that were made here: those that did not exist yet, as unique constraints have it."""
    if not rows:
        return []
    return list(session.scalars(_insert_missing(model, session.get_bind().dialect.name), rows))


def upsert(
    session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]], *, rising: str | None = None
) -> None:
    """Store these rows, which have the same columns; of one whose primary key is there the others are replaced.

    `rising` is a column that never goes down: what is there stays where it is as great or greater.
    """
    if rows:
        session.execute(_upsert(model, session.get_bind().dialect.name, rising, *rows[0]), rows)


def fetch_each(session: Session, statements: Sequence[Select[*Ts]]) -> list[list[tuple[*Ts]]]:
    """Return the rows that each of these statements finds, which have the same columns; many are sent as one."""
    found: list[list[Any]] = [[] for _ in statements]
    for start in range(0, len(statements), MOST_UNITED):
        united = (
            statement.add_columns(literal(start + index))
            for index, statement in enumerate(statements[start : start + MOST_UNITED])
        )
        for *columns, index in session.execute(union_all(*united)):
            found[index].append(tuple(columns))
    return found


def insert(session: Session, model: type[Base]) -> postgresql.Insert:
    """Return an INSERT that knows ON CONFLICT in the session's dialect (both dialects spell it alike)."""
    return _insert(model, session.get_bind().dialect.name)


def _insert(model: type[Base], dialect: str) -> postgresql.Insert:
    if dialect == "postgresql":
        return postgresql.insert(model)
    return cast("postgresql.Insert", sqlite.insert(model))


@cache  # to build a statement takes longer than to send it
def _insert_missing(model: type[M], dialect: str) -> ReturningInsert[M]:
    return _insert(model, dialect).on_conflict_do_nothing().returning(model)


@cache
def _upsert(model: type[Base], dialect: str, rising: str | None, *columns: str) -> postgresql.Insert:
    statement = _insert(model, dialect)
    key = [column.name for column in inspect(model).primary_key]
    return statement.on_conflict_do_update(
        index_elements=key,
        set_={name: statement.excluded[name] for name in columns if name not in key},
        where=getattr(model, rising) < statement.excluded[rising] if rising else None,
    )


@cache
def _select_by(model: type[M], **is_null: bool) -> Select[M]:
    """Return the query for the row whose columns of these names are null, or what the parameters of that name say."""
    columns = {name: getattr(model, name) for name in is_null}
    return select(model).where(
        *(
            column.is_(None) if is_null[name] else column == bindparam(name)
            for name, column in columns.items()
        )
    )


def among(column: Any, ids: Iterable[int] | str) -> ColumnElement[bool]:
    """Return the condition that the column holds one of these ids.

    All of them travel as one parameter, because both databases limit how many a statement may have. A text is the
    name of that parameter, for a statement that is written once and given its ids whenever it is sent.
    """
    if isinstance(ids, str):
        return _Among(column, bindparam(ids, type_=_Ids))
    return _Among(column, bindparam(None, sorted(set(ids)), _Ids, unique=True))


def there_is(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the condition that there is a row of which these are true, for a statement that finds few rows.

    It is looked up for each of them, where PostgreSQL would plan an EXISTS twice and may read the whole table for it.
    """
    return select(literal(1)).where(*conditions).limit(1).scalar_subquery().is_not(None)


def table_of(parameter: str, **columns: type[int] | type[str]) -> Subquery:
    """Return a table with these columns, whose rows are the lists in the list that the parameter will be given."""
    rows = _Elements(bindparam(parameter, type_=Json)).table_valued("value")
    items = (
        (_Number if kind is int else _Word)(rows.c.value, literal_column(str(place))).label(name)
        for place, (name, kind) in enumerate(columns.items())
    )
    return select(*items).subquery(parameter)


class _Ids(TypeDecorator[list[int]]):
    """Numbers in one parameter: an array, or a JSON array where there are none."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """Return the type that the database has for it."""
        own: Any = postgresql.ARRAY(BigInteger) if dialect.name == "postgresql" else Text()
        return dialect.type_descriptor(own)

    def process_bind_param(self, value: list[int] | None, dialect: Dialect) -> Any:
        """Return the numbers as the database takes them."""
        return value if dialect.name == "postgresql" else json.dumps(value, separators=(",", ":"))


class _Among(FunctionElement[bool]):
    """Whether a column holds one of the numbers in a parameter."""

    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> Any:  # noqa: ARG002 (a name of the base)
        """Return it as it is: a function would become `… = 1` on SQLite, which then uses no index."""
        return self


@compiles(_Among, "sqlite")
def _among_on_sqlite(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, ids = (compiler.process(each, **options) for each in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({ids}))"  # noqa: S608 (both are parts of a statement)


@compiles(_Among, "postgresql")
def _among_on_postgresql(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, ids = (compiler.process(each, **options) for each in element.clauses)
    return f"{column} = ANY ({ids})"


class _Elements(FunctionElement[Any]):
    """The elements of a JSON array, one a row."""

    inherit_cache = True


@compiles(_Elements, "sqlite")
def _elements_on_sqlite(element: _Elements, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **options)})"


@compiles(_Elements, "postgresql")
def _elements_on_postgresql(element: _Elements, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_array_elements(CAST({compiler.process(element.clauses, **options)} AS json))"


class _Number(FunctionElement[int]):
    """The number at a place of a JSON array; NULL where there is null."""

    type = BigInteger()
    inherit_cache = True


class _Word(FunctionElement[str]):
    """The text at a place of a JSON array; NULL where there is null."""

    type = Text()
    inherit_cache = True


@compiles(_Number, "sqlite")
@compiles(_Word, "sqlite")
def _item_on_sqlite(element: FunctionElement[Any], compiler: SQLCompiler, **options: Any) -> str:
    array, place = (compiler.process(each, **options) for each in element.clauses)
    return f"json_extract({array}, '$[{place}]')"


@compiles(_Word, "postgresql")
def _word_on_postgresql(element: _Word, compiler: SQLCompiler, **options: Any) -> str:
    array, place = (compiler.process(each, **options) for each in element.clauses)
    return f"({array} ->> {place})"


@compiles(_Number, "postgresql")
def _number_on_postgresql(element: _Number, compiler: SQLCompiler, **options: Any) -> str:
    array, place = (compiler.process(each, **options) for each in element.clauses)
    return f"CAST({array} ->> {place} AS bigint)"
