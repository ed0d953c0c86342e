"""People as lines of a list: who they are, when one talked last, what is next."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Min, OuterRef, Subquery

from contacts.due import rhythm_days, standing
from contacts.models import CIRCLE_DAYS, Contact, ContactQuerySet, FollowUp
from core.markdown import plain
from core.timekeeping import say_day

WHY_SHOWN = 120


@dataclass(frozen=True, slots=True)
class ContactRow:
    """One person of a list, in words. `state` is the status that `next` is drawn with, or "" for plain text."""

    name: str
    url: str
    works: str
    why: str
    last: str
    next: str
    state: str


def for_rows(contacts: ContactQuerySet) -> ContactQuerySet:
    """Bring along what a line shows, and the day of the next open follow-up with each as `next_follow_up`."""
    promised = FollowUp.objects.alive().filter(contact=OuterRef("pk"), state="open").order_by().values("contact")
    shown = [
        "owner",
        "name",
        "role",
        "organisation",
        "why",
        "circle",
        "own_every",
        "own_unit",
        "last_contact_on",
        "due_on",
        "sort_name",
        "talked_on",
        "archived_at",
        "created_at",
    ]
    return contacts.only(*shown).annotate(
        next_follow_up=Subquery(promised.annotate(first=Min("due_on")).values("first"))
    )


def contact_row(contact: Contact, *, today: date) -> ContactRow:
    """Say one line of the list; the contact comes from `for_rows`."""
    words, state = next_day(contact, getattr(contact, "next_follow_up", None), today=today)
    return ContactRow(
        name=contact.name,
        url=contact.get_absolute_url(),
        works=contact.works_as,
        why=plain(contact.why, WHY_SHOWN),
        last=say_day(contact.last_contact_on, today) if contact.last_contact_on else "Not yet",
        next=words,
        state=state,
    )


def next_day(contact: Contact, follow_up: date | None, *, today: date) -> tuple[str, str]:
    """Return what is next with somebody in words, and its status: a promise that is late, a rhythm that ran out. Nothing is
    due of those who are archived.
    """
    if contact.is_archived:
        return "Archived", "none"
    due_on = contact.due_on
    days = [day for day in (due_on, follow_up) if day]
    if not days:
        return "No date set", "none"
    day = min(days)
    if day >= today:
        return _say_next(day, today), ""
    late = (today - day).days
    if day == follow_up:
        return f"{late} day{'' if late == 1 else 's'} late", "late"
    rhythm = rhythm_days(contact.circle, contact.own_every, contact.own_unit)
    return f"{late} day{'' if late == 1 else 's'} late", standing(day, rhythm, today).status


def _say_next(day: date, today: date) -> str:
    """Return Today, Tomorrow, Fri 15 May, or 15 May 2028: a day of the week says little of another year."""
    if day <= today + timedelta(days=1):
        return say_day(day, today)
    return f"{day:%a} {say_date(day, today)}" if day.year == today.year else say_date(day, today)


def together(words: str) -> str:
    """Return words that stand on one line, such as a date within a sentence."""
    return words.replace(" ", "\u00a0")


def say_date(day: date, today: date) -> str:
    """Return 14 March, and the year where it is another one."""
    return f"{day.day} {day:%B}" + ("" if day.year == today.year else f" {day.year}")


def say_rhythm(contact: Contact) -> str:
    """Return how often one wants to be in touch: Every 30 days, Every month, Every 6 weeks; No rhythm."""
    if contact.circle == Contact.Circle.NONE:
        return "No rhythm"
    every, unit = CIRCLE_DAYS.get(contact.circle), "days"
    if every is None:
        every, unit = contact.own_every or 0, contact.own_unit
    return f"Every {unit.removesuffix('s')}" if every == 1 else f"Every {every} {unit}"
