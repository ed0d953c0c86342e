"""What people are asked: their questions chosen by what was asked before and what they wish, many people at once."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import partial

from django.db.models import CharField, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast

from accounts.models import User
from core.compiled import CompiledQuery
from core.encrypted import decrypt
from core.timekeeping import month_key, period_bounds, week_key
from journal.models import OwnQuestion, Period, QuestionWish
from journal.periods import is_month
from journal.questions import choosing
from journal.questions.asked import OWN, Asked
from journal.questions.choosing import MONTHS_APART, WEEKS_APART, Known, Own

_WEEKS = timedelta(weeks=WEEKS_APART)
_TOKEN = partial(Cast, output_field=TextField())


def _around(people: list[int], first: str, last: str, first_month: str, last_month: str) -> QuerySet:
    weeks = Q(kind="week", key__gte=first, key__lte=last)
    months = Q(kind="month", key__gte=first_month, key__lte=last_month)
    rows = Period.objects.filter(weeks | months, owner__in=people).order_by()
    return rows.values_list("owner_id", "key", "questions", "aside")


def _mine(people: list[int]) -> QuerySet:
    """Return both wishes and own questions, in one statement.

    Owner, question, wish or kind of period, tags, words as they are stored, since when.
    """
    fits = Cast(Value(None), OwnQuestion._meta.get_field("fits"))
    wishes = QuestionWish.objects.filter(owner__in=people).order_by().annotate(no_tags=fits, no_words=_TOKEN(Value("")))
    own = OwnQuestion.objects.alive().filter(owner__in=people).order_by()
    own = own.annotate(number=Cast("pk", CharField()), token=_TOKEN("text"))
    return own.values_list("owner_id", "number", "kind", "fits", "token", "created_at").union(
        wishes.values_list("owner_id", "question", "wish", "no_tags", "no_words", "at"), all=True
    )


_AROUND = CompiledQuery(_around, people=list, first=str, last=str, first_month=str, last_month=str)
_MINE = CompiledQuery(_mine, people=list)
_WORDS = CompiledQuery(lambda owner: OwnQuestion.objects.owned_by(User(pk=owner)).values_list("pk", "text"), owner=int)


def known_of(keys: Mapping[int, str]) -> dict[int, Known]:
    """Return what the choice for the period `keys[user id]` heeds, for each of these people: two queries."""
    return _known(keys, _AROUND.rows(people=list(keys), **_span(keys.values()))) if keys else {}


def _known(keys: Mapping[int, str], around: Iterable[tuple[int, str, list[Asked], list[str]]]) -> dict[int, Known]:
    found = {pk: Known() for pk in keys}
    for owner_id, key, asked, aside in around:
        if _is_near(key, keys[owner_id]):
            found[owner_id].recent.update(one.id for one in asked if one.id)
            found[owner_id].aside.update(aside)
        elif key == keys[owner_id]:
            found[owner_id].aside.update(aside)
    for owner_id, name, what, fits, token, _ in sorted(
        _MINE.rows(people=list(keys)), key=lambda row: (row[-1], row[1])
    ):
        known = found[owner_id]
        if what == QuestionWish.Wish.ASK:
            known.wanted.append(name)
        elif what == QuestionWish.Wish.LEAVE:
            known.left_out.add(name)
        else:
            known.own.append(Own(f"{OWN}{name}", frozenset(fits), what == OwnQuestion.Kind.MONTH, token))
    return found


def _span(keys: Iterable[str]) -> dict[str, str]:
    """Return the weeks and months that are near any of these periods."""
    days = [period_bounds(key)[0] for key in keys]
    first, last, months = min(days), max(days), timedelta(days=31 * MONTHS_APART)
    return {
        "first": week_key(first - _WEEKS),
        "last": week_key(last + _WEEKS),
        "first_month": month_key(first - months),
        "last_month": month_key(last + months),
    }


def _is_near(one: str, other: str) -> bool:
    """Tell whether what one period asked is not to be asked in the other, a later or an earlier one of its kind."""
    if one == other or is_month(one) != is_month(other):
        return False
    if is_month(one):
        return abs(_month_number(one) - _month_number(other)) <= MONTHS_APART
    return abs(period_bounds(one)[0] - period_bounds(other)[0]) <= _WEEKS


def _month_number(key: str) -> int:
    return int(key[:4]) * 12 + int(key[5:])


def choose_for(keys: Mapping[int, str], hints: Mapping[int, Iterable[str]]) -> dict[int, list[Asked]]:
    """Return the questions of each person's period, chosen by its hints: two queries, whoever and how many they are."""
    known = known_of(keys)
    return {pk: choosing.choose(key, hints.get(pk, ()), known[pk]) for pk, key in keys.items()}


def asked_of(owner: User, key: str, *, hints: Callable[[], Iterable[str]]) -> list[Asked]:
    """Return, with all their words, the questions of a period: those it stores, else those it would be opened with.

    `hints` is asked only if they are to be chosen.
    """
    around = _AROUND.rows(people=[owner.pk], **_span([key]))
    stored = next((asked for _, near, asked, _ in around if near == key), None)
    if stored is not None:
        return [one for one in worded(owner, stored) if one]
    known = _known({owner.pk: key}, around)[owner.pk]
    tokens = {one.id: one.token for one in known.own}
    chosen = choosing.choose(key, hints(), known)
    return [one.worded(decrypt(tokens[one.id])) if one.is_own else one for one in chosen]


def not_asked_since(owner: User, key: str, asked: Sequence[Asked], *, answered: Collection[str]) -> list[Asked]:
    """Return the questions of a page about to be stored, in place of those that another period near it asks by now others.

    A question that has its answer on the page stays, and so does one for which nothing else is left.
    """
    known = known_of({owner.pk: key})[owner.pk]
    fresh = list(asked)
    for place, one in enumerate(asked):
        if one.id in known.recent and one not in answered:
            fresh[place] = choosing.choose_another(key, fresh, one, known=known) or one
    return fresh


def present(asked: Sequence[Asked], stored: Sequence[Asked], *, answered: Collection[str]) -> list[Asked]:
    """Return the questions of an open page as its period asks them by now: one exchanged since gives way if it is blank."""
    shown, kept = {one.id for one in asked}, {one.id for one in stored}
    others = (one for one in stored if one and one.id not in shown)
    return [one if one.id in kept or one in answered else next(others, one) for one in asked]


def asked_lately(owner: User, *, today: date) -> dict[str, str]:
    """Return, for each question of the last weeks and months, the period that asked it."""
    key = week_key(today)
    around = _AROUND.rows(people=[owner.pk], **_span([key]))
    near = [(period_bounds(near)[0], near, asked) for _, near, asked, _ in around]
    return {one.id: period for first, period, asked in sorted(near) if first <= today for one in asked if one.id}


def forget_wishes(opened: Iterable[Period]) -> None:
    """Take back the wishes for questions that these periods ask: they were fulfilled."""
    asked = {period.owner_id: {one.id for one in period.questions} for period in opened}
    waiting = QuestionWish.objects.wanted().filter(owner__in=asked)
    done = [pk for pk, owner_id, name in waiting.values_list("pk", "owner_id", "question") if name in asked[owner_id]]
    if done:
        QuestionWish.objects.filter(pk__in=done).delete()


def worded(owner: User, asked: list[Asked]) -> list[Asked]:
    """Return the questions with the words of the owner's own ones, "" for one removed meanwhile.

    One query if there is any of them, else none.
    """
    if not any(one.is_own for one in asked):
        return asked
    words = dict(_WORDS.rows(owner=owner.pk))
    return [one.worded(words.get(one.own_pk, "")) if one.is_own else one for one in asked]
