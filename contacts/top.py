"""What stands above everyone: promises that are open, and who is asked for this week. One statement for both, because a
list page has room for no more.
"""

from datetime import date, timedelta
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

PROMISES_SHOWN, SOON_DAYS = 7, 7
_PERSON = ("pk", "name", "role", "organisation", "circle", "own_every", "own_unit", "last_contact_on")


def _columns(rows: Any, what: str, *, person: str, key: str, **more: Any) -> QuerySet:
    """Return rows of either kind in the columns both have: what, key, day, words, direction, pace, number, the person."""
    columns = {
        "a_what": Value(what, output_field=CharField()),
        "a_key": F(key),
        "a_day": Cast("due_on", DateField()),
        "some_words": more.get("words", Value("", output_field=CharField())),
        "a_direction": more.get("direction", Value("", output_field=CharField())),
        "a_pace": more.get("pace", Value(0, output_field=IntegerField())),
        "a_number": more.get("number", Value(0, output_field=IntegerField())),
    }
    columns |= {f"person_{name}": F(f"{person}{name}") for name in _PERSON}
    return rows.annotate(**columns).values_list(*columns)


def _top(owner: int, monday: date, sunday: date) -> QuerySet:
    user = User(pk=owner)
    open_ones = FollowUp.objects.owned_by(user).still_open().order_by("due_on", "pk")
    all_of_them = open_ones.order_by().values("owner").annotate(number=Count("pk")).values("number")
    words = {"words": F("text"), "direction": F("direction"), "number": Subquery(all_of_them)}
    promises = _columns(open_ones, "promise", person="contact__", key="pk", **words)[: PROMISES_SHOWN + 1]
    pace = Coalesce(Subquery(Pace.objects.owned_by(user).values("per_week")), PER_WEEK, output_field=IntegerField())
    dealt = Contact.objects.owned_by(user).dealt_with(monday, sunday)
    number = Subquery(dealt.order_by().values("owner").annotate(number=Count("pk")).values("number"))
    counts = {"pace": pace, "number": Coalesce(number, 0, output_field=IntegerField())}
    in_turn = Contact.objects.owned_by(user).in_turn().filter(due_on__lte=sunday)
    people = _columns(in_turn, "person", person="", key="pk", **counts)[:PER_WEEK_AT_MOST]
    return promises.union(people, all=True)


_TOP = CompiledQuery(_top, owner=int, monday=date, sunday=date)


def top_context(user: User, *, today: date) -> dict[str, Any]:
    """Return what the page of everyone begins with: promises that are late or due within a week, and whose turn it is."""
    promises: list[PromiseRow] = []
    asked: list[TurnRow] = []
    promised, soon = 0, today + timedelta(days=SOON_DAYS)
    for what, key, day, words, direction, pace, number, *person in _TOP.rows(
        owner=user.pk, monday=monday_of(today), sunday=sunday_of(today)
    ):
        contact = Contact(**dict(zip(_PERSON, person, strict=True)), owner=user)
        if what == "promise":
            promised = number  # all that are open, whenever they are due
            if day > soon:
                continue
            promise = FollowUp(pk=key, text=words, due_on=day, direction=direction, contact=contact, owner=user)
            promises.append(promise_row(promise, today=today))
        elif len(asked) < pace - number:
            asked.append(asked_row(contact, day, today))
    shown = promises[:PROMISES_SHOWN]
    return {
        "promises": shown,
        "soon": len(shown) if shown == promises else f"More than {PROMISES_SHOWN}",
        "promised": promised,
        "more_promises": promised > len(shown),
        "asked": asked,
        "later_choices": LATER.items(),
    }
