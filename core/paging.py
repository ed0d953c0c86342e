"""Long lists, a page at a time, without counting rows and without OFFSET.

A page begins after the last row of the one before it (keyset paging). The condition is written as
`a <= x AND (a < x OR id < y)`: Postgres answers that from the composite index of the list's order, which it does not
for `a < x OR (a = x AND id < y)` (https://use-the-index-luke.com/no-offset).
"""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet

from core.compiled import CompiledQuery

Row = TypeVar("Row", bound=Model)
SIZE = 25
MAX_TOKEN_LENGTH = 400


@dataclass(frozen=True)
class Page(Generic[Row]):
    """The rows of one page, and the token of the next one; the empty string at the end."""

    rows: list[Row]
    next_token: str


def page(
    queryset: QuerySet[Row], *, keys: Sequence[str] = ("-updated_at", "-pk"), after: str | None = None, size: int = SIZE
) -> Page[Row]:
    """Return one page of the queryset in the order of `keys`: one column that is never null, then "pk" or "-pk".

    `after` is the token a page before gave, as it came from the address; one that cannot be read gives the first page.
    """
    first, last = keys
    return _cut(list(_after(queryset, first, last, after or "").order_by(first, last)[: size + 1]), first, size)


class Pages(Generic[Row]):
    """The pages of a list that is opened all the time: the statement of the first is worked out once in a process.

    `build` and `types` are those of a CompiledQuery, the rest is what `page` takes.
    """

    def __init__(
        self, build: Callable[..., QuerySet[Row]], *, keys: Sequence[str], size: int = SIZE, **types: type
    ) -> None:
        self.build, self.keys, self.size = build, keys, size
        self._first = CompiledQuery(lambda **values: build(**values).order_by(*keys)[: size + 1], **types)

    def page(self, after: str | None = None, **values: Any) -> Page[Row]:
        """Return the first page, or the one after this token."""
        if after:
            return page(self.build(**values), keys=self.keys, after=after, size=self.size)
        return _cut(self._first.objects(**values), self.keys[0], self.size)


def _cut(rows: list[Row], key: str, size: int) -> Page[Row]:
    """Make a page of rows of which there is one more than `size` where others follow."""
    is_more = len(rows) > size
    return Page(rows[:size], _token(rows[size - 1], key) if is_more else "")


def _after(queryset: QuerySet[Row], first: str, last: str, token: str) -> QuerySet[Row]:
    name = first.lstrip("-")
    try:
        value, pk = _read(queryset.model, name, token)
    except (ValueError, TypeError, ValidationError, binascii.Error, OverflowError, RecursionError):
        return queryset
    way, last_way = ("lt" if key.startswith("-") else "gt" for key in (first, last))
    return queryset.filter(**{f"{name}__{way}e": value}).filter(
        Q(**{f"{name}__{way}": value}) | Q(**{f"pk__{last_way}": pk})
    )


def _token(row: Model, first: str) -> str:
    value = getattr(row, first.lstrip("-"))
    content = [value.isoformat() if hasattr(value, "isoformat") else str(value), row.pk]
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


def _read(model: type[Model], name: str, token: str) -> tuple[Any, int]:
    """Return the values in a token; raise one of several errors for anything that is none."""
    if not token or len(token) > MAX_TOKEN_LENGTH:
        raise ValueError("no token")
    written, pk = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    if not isinstance(written, str) or type(pk) is not int or "\x00" in written:
        raise ValueError("no token of ours")
    written.encode()  # half a surrogate pair, which JSON can say and Postgres cannot store, is a ValueError too
    field: Any = model._meta.get_field(name)
    value = (field.output_field if field.generated else field).to_python(written)
    if isinstance(value, datetime) and value.tzinfo is None:
        raise ValueError("a moment without its zone")
    return value, pk
