"""The columns in which everything about the people one knows is told, so that one statement asks for all of it."""

from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import CharField, DateField, DateTimeField, F, OuterRef, QuerySet, Subquery, TimeField, Value
from django.db.models.functions import Cast

from contacts.models import Interaction

BETWEEN_NAMES = "\n"


def told(rows: Any, what: str, words: Any, **more: Any) -> QuerySet:
    """Return rows of one kind in the columns that all have: what, key, owner, words, more words, state, day, hour,
    moment.
    """
    columns = {
        "a_what": Value(what, output_field=CharField()),
        "a_key": F("pk"),
        "an_owner": F("owner_id"),
        "some_words": Cast(words, CharField()),
        "more_words": Cast(more.get("about", Value("")), CharField()),
        "a_state": Cast(more.get("state", Value("")), CharField()),
        "a_day": Cast(more.get("day", Value(None)), DateField()),
        "an_hour": Cast(more.get("hour", Value(None)), TimeField()),
        "a_moment": Cast(more.get("moment", Value(None)), DateTimeField()),
    }
    return rows.annotate(**columns).values_list(*columns)


def names_of_talk() -> Subquery:
    """The names of those who took part in a conversation, a line each; nothing where all of them are in the bin."""
    there: Any = Interaction.people.through._default_manager
    there = there.filter(interaction=OuterRef("pk"), contact__deleted_at=None).order_by().values("interaction")
    names = StringAgg("contact__name", delimiter=BETWEEN_NAMES, order_by="contact__sort_name")
    return Subquery(there.annotate(names=names).values("names"))
