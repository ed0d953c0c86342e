"""Rows of the access matrix: who gets what from a url, by GET and by POST.

An app lists `ROWS: list[Row]` in `tests/<app>/url_rows.py`; tests/test_access.py tries every row as each of the cast
and fails for a url without a row.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from tests.world import APPS, CAST, of_app

Statuses = dict[str, int]


def only(*viewers: str, status: int = 200, others: int = 404, anonymous: int = 302) -> Statuses:
    """Return the statuses of a url for these viewers, everybody else, and people who are not signed in."""
    return {name: status if name in viewers else anonymous if name == "anonymous" else others for name in CAST}


def signed_in(status: int = 200, anonymous: int = 302) -> Statuses:
    """Return the statuses of a page that everybody who signed in has (each their own)."""
    return {name: anonymous if name == "anonymous" else status for name in CAST}


def everyone(status: int = 200) -> Statuses:
    """Return the statuses of a public page."""
    return dict.fromkeys(CAST, status)


@dataclass(frozen=True)
class Row:
    """One url name. `get` or `post` None means the method is not allowed (405 for whoever is signed in).

    `args` gives the url's arguments from the world, `data` what is posted, `query` a query string.
    `secrets` are texts that only viewers named in `told` may find in any answer (default: those who get 200 by GET).
    """

    name: str
    get: Statuses | None = None
    post: Statuses | None = None
    args: Callable[[SimpleNamespace], dict[str, Any]] = lambda world: {}
    data: Callable[[SimpleNamespace], dict[str, Any]] = lambda world: {}
    query: str = ""
    secrets: tuple[str, ...] = ()
    told: tuple[str, ...] | None = None
    # An unknown id in the place of every integer or token argument must look the same as "not visible".
    unknown: bool = True
    note: str = field(default="", compare=False)  # why, where the statuses surprise

    def may_know(self, viewer: str) -> bool:
        if self.told is not None:
            return viewer in self.told
        return bool(self.get) and self.get[viewer] == 200


def all_rows() -> list[Row]:
    """Return the rows of every app."""
    rows: list[Row] = []
    for app in [*APPS, "core"]:
        if module := of_app(app, "url_rows"):
            rows += module.ROWS
    return rows
