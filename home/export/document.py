"""The copy as a JSON document, and what its parts share."""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from accounts.models import User
from goals.models import Goal
from journal.models import Entry
from mentors.models import (
    Handover,
)
from sharing.models import Comment
from wins.models import Win

FORMAT, VERSION = "waymark-export", 1
CHUNK = 100  # rows held in memory at once
Row = dict[str, Any]
Section = Callable[[User], Iterable[Row]]
_sections: dict[str, Section] = {}


def section(name: str) -> Callable[[Section], Section]:
    """Register what `name` holds in the copy. Apps above call it too, in their `ready()`."""

    def register(function: Section) -> Section:
        _sections[name] = function
        return function

    return register


def copy_of(user: User, *, now: datetime) -> Iterator[str]:
    """Yield the copy as pieces of one JSON document, so that ten years of entries never stand in memory at once."""
    head = {"format": FORMAT, "version": VERSION, "made_at": now, "profile": _profile(user)}
    yield _json(head)[:-1]
    for name, rows in _sections.items():
        yield f",\n{_json(name)}: ["
        for number, row in enumerate(rows(user)):
            yield (",\n" if number else "\n") + _json(row)
        yield "]"
    yield "}\n"


def _json(value: Any) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)


def pick(row: Any, *names: str) -> Row:
    """Return these attributes of a row under their own names."""
    return {name: getattr(row, name) for name in names}


def _profile(user: User) -> Row:
    return pick(user, "email", "name", "language", "theme", "mails_hide_text", "date_joined") | {
        "time_zone": str(user.time_zone)
    }


def name_of(person: User | None) -> str:
    return str(person) if person else "former member"


def comment_row(row: Comment) -> Row:
    return pick(row, "text", "created_at", "edited_at", "mailed_at", "removed_at") | {"by": row.author_name}


def shown_to(item: Goal | Entry | Handover | Win) -> list[int]:
    """Ids of the relations that can see it now."""
    return [relation.pk for relation in item.shared_with.all() if relation.is_active]
