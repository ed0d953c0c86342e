"""A question as it was asked: its words, which one it is, and why it was chosen. Periods keep them like that."""

from collections.abc import Iterable, Sequence
from typing import Any, Self

from django.db import models

from journal.questions.library import QUESTIONS

OWN = "own-"
_BY_TEXT = {question.text: question.id for question in QUESTIONS}


class Asked(str):
    """The words of a question, knowing their `id` and `why` it was asked.

    A plain string wherever only the words matter: answers are kept by them. The id is that of the library ("energy"),
    or of one's own questions ("own-12"), whose words stand in no period: there they are "" until `worded`. `why` is a
    tag of the library, "asked", "own", "instead" or, for no reason but its turn, "".
    """

    id: str
    why: str
    __slots__ = ("id", "why")

    def __new__(cls, text: str, name: str = "", why: str = "") -> Self:
        asked = super().__new__(cls, text)
        asked.id, asked.why = name or _BY_TEXT.get(text, ""), why
        return asked

    @property
    def is_own(self) -> bool:
        return self.id.startswith(OWN)

    @property
    def own_pk(self) -> int:
        """The number of the OwnQuestion it is."""
        return int(self.id.removeprefix(OWN))

    def worded(self, text: str) -> "Asked":
        return Asked(text, self.id, self.why)


def as_asked(questions: Iterable[str]) -> list[Asked]:
    """Return questions of which some may be words alone."""
    return [one if isinstance(one, Asked) else Asked(one) for one in questions]


def read_asked(stored: Iterable[Any]) -> list[Asked]:
    """Return questions from what a period stores; before reasons were kept that was the words alone."""
    return [
        Asked(row) if isinstance(row, str) else Asked(row.get("text", ""), row.get("id", ""), row.get("why", ""))
        for row in stored
    ]


def write_asked(questions: Iterable[str]) -> list[dict[str, str]]:
    """Return what a period stores: words, id and reason of each, and of one's own questions no words."""
    rows = []
    for asked in as_asked(questions):
        row = {"text": "" if asked.is_own else str(asked), "id": asked.id, "why": asked.why}
        rows.append({name: value for name, value in row.items() if value})
    return rows


class AskedField(models.JSONField):
    """The questions of a period, in their order: `Asked` in Python, JSON in the database, never one's own words."""

    # What django-stubs takes for the type of the attribute on a model.
    _pyi_private_get_type: list[Asked]
    _pyi_private_set_type: Sequence[str]

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:  # noqa: FBT001, FBT002
        if isinstance(value, list | tuple):
            value = write_asked(value)
        return super().get_db_prep_value(value, connection, prepared)

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        stored = super().from_db_value(value, expression, connection)
        return read_asked(stored) if isinstance(stored, list) else stored
