"""A query that is asked all the time, worked out once: Django builds and compiles a nested queryset in milliseconds,
Postgres plans it in as many, and answers it in a fraction of one (docs/decisions/0060-prepared-queries.md).
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import count
from types import SimpleNamespace
from typing import Any
from weakref import WeakSet

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model, QuerySet
from django.db.models.query import ModelIterable, get_related_populators
from psycopg import ClientCursor, RawCursor, errors
from psycopg.pq import ConnStatus, DiagnosticField, ExecStatus
from psycopg.pq.abc import PGresult
from psycopg.sql import Literal
from psycopg.types.numeric import Int8

LARGEST = 2**63 - 1


class _PreparingCursor(RawCursor[Any]):
    """Has Postgres keep the plan of one statement, in Postgres' own spelling, for as long as the connection lasts."""

    def __init__(self, statement: str) -> None:
        super().__init__(connection.connection)
        self.statement = statement

    def execute(self, query: Any, params: Any = None, **_: Any) -> "_PreparingCursor":
        """Execute the statement; `query` is the same for Django's log, which shows it with its values."""
        super().execute(self.statement, list(params.values()), prepare=True)
        if connection.queries_logged:
            asked = ClientCursor(connection.connection).mogrify(query, params)
            self._query = SimpleNamespace(query=asked.encode())  # type: ignore[assignment] # where the log looks
        return self


class PreparedStatement:
    """A statement written by hand that changes rows and is executed many times, each time by itself: planned once on a
    connection.

    libpq is asked directly: after each wait for a commit the processor's caches hold somebody else's work, and the way
    through the cursors of Django and psycopg is then the most expensive part of it.
    """

    def __init__(self, sql: str) -> None:
        self.sql = sql
        self._name = f"by_hand_{next(_NUMBERS)}".encode()
        first, *rest = sql.split("%s")
        self._in_postgres = (first + "".join(f"${number}{part}" for number, part in enumerate(rest, 1))).encode()
        self._is_known: WeakSet[Any] = WeakSet()  # to these connections

    def execute(self, *values: str | int) -> int:
        """Execute it and return how many rows it changed."""
        if connection.in_atomic_block or connection.queries_logged:  # Django begins and logs with its own cursors only
            with connection.cursor() as cursor:
                cursor.execute(self.sql, values)
                return int(cursor.rowcount)
        with connection.wrap_database_errors:
            connection.ensure_connection()
            libpq = connection.connection.pgconn
            if libpq.status != ConnStatus.OK:
                raise errors.OperationalError("the connection was lost")
            if connection.connection not in self._is_known:
                _checked(libpq.prepare(self._name, self._in_postgres))
                self._is_known.add(connection.connection)
            given = [str(value).encode() for value in values]
            return _checked(libpq.exec_prepared(self._name, given)).command_tuples or 0


_NUMBERS = count(1)


def _checked(result: PGresult) -> PGresult:
    """Return what Postgres answered; raise what psycopg would."""
    if result.status == ExecStatus.COMMAND_OK:
        return result
    state = result.error_field(DiagnosticField.SQLSTATE)  # of Postgres; None: it never answered
    raise (errors.lookup(state.decode()) if state else errors.OperationalError)(result.get_error_message())


class _Shape:
    """How a row of columns becomes an instance: what Django's ModelIterable works out anew for each query."""

    def __init__(self, compiler: Any) -> None:
        columns, information = compiler.select, compiler.klass_info
        self.model: type[Model] = information["model"]
        first, last = information["select_fields"][0], information["select_fields"][-1]
        self.own = slice(first, last + 1)
        self.names = [column[0].target.attname for column in columns[self.own]]
        self.annotations = dict(compiler.annotation_col_map or {})
        self.related = get_related_populators(information, columns, DEFAULT_DB_ALIAS)  # type: ignore[call-arg] # stubs of Django 6

    def instance(self, row: tuple[Any, ...]) -> Any:
        made = self.model.from_db(DEFAULT_DB_ALIAS, self.names, row[self.own])
        for populator in self.related:
            populator.populate(row, made)
        for name, place in self.annotations.items():
            setattr(made, name, row[place])
        return made


def _stand_in(kind: type, number: int, turn: int) -> Any:
    """Return a value no page ever passes: one for each argument to find its places, and on the second turn another,
    to prove that only the places change.
    """
    step = 2 * number + turn
    if kind is str:
        return f"stand-in {step}"
    if kind in {int, list}:
        key = 4_611_686_018_427_387_001 + step
        return key if kind is int else [key]
    day = date(2199, 1, 1) + timedelta(days=step)
    return day if kind is date else datetime(day.year, day.month, day.day, 1, tzinfo=UTC)


class CompiledQuery:
    """A queryset, compiled at its first use in a process and prepared at its first use on a connection; later uses
    only fill in what differs.

    `build` gets its keyword arguments (int, str, date, datetime, or list for a list of int) and returns a queryset in
    which they stand as parameters, a list in `__in` lookups, and decide nothing else. Raises ValueError if they do.
    """

    def __init__(self, build: Callable[..., QuerySet], **types: type) -> None:
        self.build, self.types = build, types
        self._statement = self._sql = ""
        self._converters: list[tuple[int, list[Callable[..., Any]], Any]] = []
        self._shape: _Shape | None = None

    def rows(self, **values: Any) -> list[tuple[Any, ...]]:
        """Ask the database and return rows, as `values_list` would."""
        if not self._sql:
            self._compile()
        # One type for numbers of any size: each other type would be another statement to prepare.
        given = {name: _typed(values[name], kind) for name, kind in self.types.items()}
        with connection.cursor() as cursor:
            cursor.cursor = _PreparingCursor(self._statement)
            cursor.execute(self._sql, given)
            found = cursor.fetchall()
        return [self._converted(row) for row in found] if self._converters else found

    def objects(self, **values: Any) -> list[Any]:
        """Ask the database and return instances of the model, with annotations and `select_related` as in the queryset."""
        rows = self.rows(**values)
        if self._shape is None:
            raise TypeError("A queryset of values has rows, and no objects.")
        return [self._shape.instance(row) for row in rows]

    def one(self, **values: Any) -> Any:
        """Return the one instance, or None; None too where an address names a larger number than any column holds."""
        if any(self.types[name] is int and value > LARGEST for name, value in values.items()):
            return None
        found = self.objects(**values)
        return found[0] if found else None

    def _converted(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        """Return a row with what fields make of their columns: decrypted, a time zone, JSON."""
        values = list(row)
        for place, converters, expression in self._converters:
            for convert in converters:
                values[place] = convert(values[place], expression, connection)
        return tuple(values)

    def _compile(self) -> None:
        first, second = (
            {name: _stand_in(kind, number, turn) for number, (name, kind) in enumerate(self.types.items())}
            for turn in (0, 1)
        )
        queryset = self.build(**first)
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, parameters = compiler.as_sql()
        other_sql, other_parameters = self.build(**second).query.sql_with_params()
        names = {_alone(value): name for name, value in first.items()}
        places = [(names.get(value), value) for value in parameters]
        expected = [_alone(second[name]) if name else fixed for name, fixed in places]
        if sql != other_sql or expected != list(other_parameters):
            raise ValueError("The arguments decide more than parameters of this query.")
        found = compiler.get_converters([column for column, *_ in compiler.select])
        self._converters = [(place, converters, expression) for place, (converters, expression) in found.items()]
        if queryset._iterable_class is ModelIterable:
            self._shape = _Shape(compiler)
        # What is fixed stands in the statement, where the planner sees it.
        written = (f"%({name})s" if name else _literal(fixed) for name, fixed in places)
        statement = sql.replace("%%", "%%%%") % tuple(written)
        for name in (name for name, kind in self.types.items() if kind is list):
            statement = _for_many(statement, f"%({name})s")
        self._statement = statement % {name: f"${number}" for number, name in enumerate(self.types, 1)}
        self._sql = statement  # last: another thread takes it as the sign that all is there


def _typed(value: Any, kind: type) -> Any:
    if kind is list:  # as Postgres writes an array: it is told element by element else, in five times as long
        return f"{{{','.join(map(str, value))}}}"
    return Int8(value) if kind is int else value


def _alone(value: Any) -> Any:
    return value[0] if isinstance(value, list) else value


def _for_many(statement: str, place: str) -> str:
    """Let a list of any length stand where a list of one was compiled."""
    statement = statement.replace(f" IN ({place})", f" = ANY({place})")
    if statement.count(place) != statement.count(f" = ANY({place})"):
        raise ValueError("A list stands elsewhere than in an __in lookup of this query.")
    return statement


def _literal(value: Any) -> str:
    connection.ensure_connection()
    return Literal(value).as_string(connection.connection).replace("%", "%%")
