"""What stands above everyone: promises that are open, and who is asked for this week. One statement for both, because a
list page has room for no more.
"""

from datetime import date
from typing import Any

from django.db.models import CharField, Count, DateField, F, IntegerField, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce

from accounts.models import User
from contacts.conversations import PromiseRow, promise_row
from contacts.due import LATER, monday_of, sunday_of
from contacts.models import Contact, FollowUp, Pace
from contacts.models.pace import PER_WEEK, PER_WEEK_AT_MOST
from contacts.turns import TurnRow, asked_row
from core.compiled import CompiledQuery

PROMISES_SHOWN = 7
_PERSON = ("pk", "name", "role", "organisation", "circle", "own_every", "own_unit", "last_contact_on")


def _columns(rows: Any, what: str, *, person: str, key: str, **more: Any) -> QuerySet:
    """Return rows of either kind in the columns both have: what, key, day, words, direction, pace, dealt, the person."""
    columns = {
        "a_what": Value(what, output_field=CharField()),
        "a_key": F(key),
        "a_day": Cast("due_on", DateField()),
        "some_words": more.get("words", Value("", output_field=CharField())),
        "a_direction": more.get("direction", Value("", output_field=CharField())),
        "a_pace": more.get("pace", Value(0, output_field=IntegerField())),
        "a_number": more.get("dealt", Value(0, output_field=IntegerField())),
    }
    columns |= {f"person_{name}": F(f"{person}{name}") for name in _PERSON}
    return rows.annotate(**columns).values_list(*columns)


def _top(owner: int, monday: date, sunday: date) -> QuerySet:
    user = User(pk=owner)
    open_ones = FollowUp.objects.owned_by(user).still_open().order_by("due_on", "pk")
    words = {"words": F("text"), "direction": F("direction")}
    promises = _columns(open_ones, "promise", person="contact__", key="pk", **words)[: PROMISES_SHOWN + 1]
    pace = Coalesce(Subquery(Pace.objects.owned_by(user).values("per_week")), PER_WEEK, output_field=IntegerField())
    dealt = Contact.objects.owned_by(user).dealt_with(monday, sunday)
    number = Subquery(dealt.order_by().values("owner").annotate(number=Count("pk")).values("number"))
    counts = {"pace": pace, "dealt": Coalesce(number, 0, output_field=IntegerField())}
    in_turn = Contact.objects.owned_by(user).in_turn().filter(due_on__lte=sunday)
    people = _columns(in_turn, "person", person="", key="pk", **counts)[:PER_WEEK_AT_MOST]
    return promises.union(people, all=True)


_TOP = CompiledQuery(_top, owner=int, monday=date, sunday=date)


def top_context(user: User, *, today: date) -> dict[str, Any]:
    """Return what the page of everyone begins with."""
    promises: list[PromiseRow] = []
    asked: list[TurnRow] = []
    for what, key, day, words, direction, pace, dealt, *person in _TOP.rows(
        owner=user.pk, monday=monday_of(today), sunday=sunday_of(today)
    ):
        contact = Contact(**dict(zip(_PERSON, person, strict=True)), owner=user)
        if what == "promise":
            promise = FollowUp(pk=key, text=words, due_on=day, direction=direction, contact=contact, owner=user)
            promises.append(promise_row(promise, today=today))
        elif len(asked) < pace - dealt:
            asked.append(asked_row(contact, day, today))
    soon = sum(row.promise.due_on <= sunday_of(today) for row in promises)
    return {
        "promises": promises[:PROMISES_SHOWN],
        "more_promises": len(promises) > PROMISES_SHOWN,
        "soon": soon if soon <= PROMISES_SHOWN else f"More than {PROMISES_SHOWN}",
        "asked": asked,
        "later_choices": LATER.items(),
    }
