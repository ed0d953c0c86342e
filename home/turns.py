"""What conversations, promises and rhythms have to do with a week. Asked with everything else about the people one
knows (home/networking.py), and told to nobody but the owner.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from contacts.conversations import PLANS, name_people
from contacts.due import Spread, monday_of, sunday_of
from contacts.models import Contact, FollowUp, Interaction, Pace
from contacts.models.pace import PER_WEEK, PER_WEEK_AT_MOST
from core.timekeeping import say_day_within
from home.look import AHEAD, PLENTY_OF_ALL, Look, Span, Thing
from home.told import BETWEEN_NAMES, names_of_talk, told

Rows = Iterable[tuple[Any, ...]]


def _plans(rows: Any, span: Span, limit: int) -> QuerySet:
    found = rows.planned().filter(happened_on__range=(span.oldest, span.horizon)).order_by("happened_on", "pk")
    return told(found, "plan", names_of_talk(), state=F("kind"), day=F("happened_on"))[:limit]


def _promises(rows: Any, span: Span, limit: int) -> QuerySet:
    is_due = Q(state="open", due_on__range=(span.oldest, span.horizon), contact__archived_at=None)
    is_done = Q(state="done", closed_at__gte=span.start, closed_at__lt=span.end)
    found = rows.filter(is_due | is_done, contact__deleted_at=None).order_by("due_on", "pk")
    what = {"about": F("contact__name"), "state": F("direction"), "day": F("due_on"), "moment": F("closed_at")}
    return told(found, "promise", "text", **what)[:limit]


def _people(rows: Any, span: Span, limit: int) -> QuerySet:
    found = rows.in_turn().filter(due_on__lte=span.horizon)
    if limit == PLENTY_OF_ALL:  # a batch of mails, in which nobody's hundreds push out anybody's few
        place = Window(RowNumber(), partition_by="owner", order_by=["due_on", "pk"])
        nearest = found.annotate(place=place).filter(place__lte=PER_WEEK_AT_MOST)
        found = Contact.objects.filter(pk__in=nearest.order_by().values("pk")).order_by("due_on", "pk")
    return told(found, "person", "name", day=F("due_on"))[:limit]


def _dealt(rows: Any, span: Span, limit: int) -> QuerySet:
    found = rows.filter(dealt_with_on__gte=span.this_week).order_by("dealt_with_on", "pk")
    return told(found, "dealt", "due_on", day=F("dealt_with_on"))[:limit]


def _paces(rows: Any, span: Span, limit: int) -> QuerySet:
    return told(rows.order_by("pk"), "pace", "per_week")[:limit]


PARTS = (
    (Interaction, _plans),
    (FollowUp, _promises),
    (Contact, _people),
    (Contact, _dealt),
    (Pace, _paces),
)
KINDS = ("person", "dealt", "pace")


def plans(look: Look, rows: Rows) -> Iterator[Thing]:
    """Yield conversations that are planned; a day that has passed asks whether they took place."""
    for _, pk, owner_id, names, _, kind, day, _, _ in rows:
        if names and look.is_near(owner_id, day):
            yield plan(pk, owner_id, day, kind, names.split(BETWEEN_NAMES), today=look.today[owner_id])


def plan(pk: int, owner_id: int, day: date, kind: str, names: list[str], *, today: date) -> Thing:
    """Return one planned conversation as a thing to do."""
    title, url = f"{PLANS[Interaction.Kind(kind)]} with {name_people(names)}", f"/contacts/conversations/{pk}/"
    return Thing(
        owner_id, day, title, title, "A conversation", url,
        is_due=True, about="Did it take place?" if day < today else "Planned", label=title, icon="chat-left",
        hint="due", tick_url=f"/week/conversations/{pk}/tick/", move_url=url,
    )  # fmt: skip


def promises(look: Look, rows: Rows) -> Iterator[Thing]:
    """Yield what was promised by a day, in either direction, and what was done."""
    for _, pk, owner_id, text, name, direction, due_on, _, closed_at in rows:
        if closed_at is None:
            if look.is_near(owner_id, due_on):
                yield promise(pk, owner_id, due_on, text, name, direction)
            continue
        day = look.day_of(owner_id, closed_at)
        if look.holds(owner_id, day):
            yield Thing(
                owner_id, day, text, f"Done: {text} ({name})", "A follow-up done", f"/contacts/follow-ups/{pk}/",
                about=name, label=text, icon="check2", hint="follow-up",
            )  # fmt: skip


def promise(pk: int, owner_id: int, day: date, text: str, name: str, direction: str) -> Thing:
    """Return one open promise as a thing to do."""
    url, is_mine = f"/contacts/follow-ups/{pk}/", direction == FollowUp.Direction.I_OWE
    about = f"Promised to {name}" if is_mine else f"{name} will do this"
    return Thing(
        owner_id, day, text, f"{text} ({about[:1].lower()}{about[1:]})" if is_mine else f"{text} ({about})",
        "A follow-up", url, is_due=True, about=about, label=text, icon="check2", hint="due",
        tick_url=f"/week/follow-ups/{pk}/tick/", move_url=url,
    )  # fmt: skip


def people(look: Look, rows: Rows) -> Iterator[Thing]:
    """Yield who is asked for, no more of them in a week than their owner can keep in touch with (contacts.due).

    A calendar, which looks further than a week, is told of the weeks to come as well.
    """
    waiting: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    dealt: Counter[int] = Counter()
    paces: dict[int, int] = {}
    for what, pk, owner_id, words, _, _, day, _, _ in rows:
        if what == "pace":
            paces[owner_id] = int(words)
        elif what == "dealt":
            today = look.today[owner_id]
            is_through = not words or date.fromisoformat(words) > sunday_of(today)
            dealt[owner_id] += day >= monday_of(today) and is_through
        else:
            waiting[owner_id].append((day, pk, words))
    for owner_id, due in waiting.items():
        spread = Spread.of(per_week=paces.get(owner_id, PER_WEEK), dealt=dealt[owner_id], today=look.today[owner_id])
        for due_on, pk, name in sorted(due):
            place = spread.place(due_on)
            if (place.is_asked or look.ahead > AHEAD) and look.is_near(owner_id, place.day):
                yield turn(pk, owner_id, place.day, name, today=look.today[owner_id])


def turn(pk: int, owner_id: int, day: date, name: str, *, today: date) -> Thing:
    """Return somebody whose turn it is as a thing to do: by a day, or from then on today and never late.

    A rhythm that ran out a while ago is no appointment that was missed, and pushes no goal off the page.
    """
    title, has_come = f"Be in touch with {name}", day < today
    return Thing(
        owner_id, max(day, today), title, title, "Somebody to be in touch with", f"/contacts/{pk}/",
        is_due=True, about=f"Due since {say_day_within(day, today)}" if has_come else "As often as you wanted to",
        label=title, icon="people", tick_url=f"/week/contacts/{pk}/tick/", has_day=not has_come,
    )  # fmt: skip
