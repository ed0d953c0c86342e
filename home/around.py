"""What stands around a thing, in every app that knows of it: a goal names nobody above it, so the links are gathered here.

A new app joins with one function that yields `Link`s, and one line in AROUND. What the viewer may not see is no link.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, F, Func, QuerySet, Value
from django.utils import timezone

from accounts.models import User
from contacts.models import Contact
from core.markdown import plain
from core.timekeeping import say_day
from core.trail import Trail
from goals.models import Goal
from goals.trail import standing_of
from journal.models import Entry
from mentors.models import Advice
from mentors.threads import EXCERPT_LENGTH
from wins.models import Win

SHOWN = 6
# The key of a week as Postgres writes it.
ISO_WEEK = 'IYYY-"W"IW'


@dataclass(frozen=True, slots=True)
class Link:
    """One thing that belongs to another: what it is called, why it is here, where it stands; a goal with its trail."""

    title: str
    about: str
    url: str
    icon: str
    trail: Trail | None = None


def readers_of(thing: Goal | Entry, viewer: User) -> Iterator[Link]:
    """The people who read it, for its owner."""
    if thing.owner_id == viewer.pk:
        for each in thing.readers()[:SHOWN]:
            about = "Your mentor reads it" if each.is_mentor else "Your colleague reads it"
            yield Link(each.mentor_name, about, each.get_absolute_url(), "people")


def entries_of_goal(goal: Goal, viewer: User) -> Iterator[Link]:
    """What its owner wrote about it, for nobody else; then reflections about weeks in which it moved. Newest first."""
    week = Func(F("happened_on"), Value(ISO_WEEK), function="to_char", output_field=CharField())
    keys = goal.updates.newest_first().values_list(week, flat=True)[:100]
    reflections = Entry.objects.visible_to(viewer).finished().reflections().select_related("period")
    of_weeks = reflections.filter(owner_id=goal.owner_id, period__key__in=keys).annotate(why=Value("week"))
    found: Any = of_weeks.order_by("-entry_on", "-pk")[:SHOWN]
    if goal.owner_id == viewer.pk:
        own = Entry.objects.owned_by(viewer).finished().about_goal(goal.pk).select_related("period")
        first = own.annotate(why=Value("about")).order_by("-entry_on", "-pk")[: SHOWN + 1]
        found = first.union(found, all=True).order_by("why", "-entry_on", "-pk")
    found = list(found)
    today, about = viewer.today(timezone.now()), [entry for entry in found if entry.why == "about"]
    for entry in about[:SHOWN]:
        words = f"You wrote about it, {say_day(entry.entry_on, today)}"
        yield Link(entry.heading, words, entry.get_absolute_url(), "journal-text")
    if len(about) > SHOWN:
        yield Link("All you wrote about it", "In your journal", f"/journal/?goal={goal.pk}", "journal-text")
    for entry in found[len(about) :]:
        words = "The reflection of a week in which it moved"
        yield Link(entry.plain_name, words, entry.get_absolute_url(), "journal-text")


def wins_of_goal(goal: Goal, viewer: User) -> Iterator[Link]:
    """What went well on the way to it, the newest first."""
    wins = Win.objects.visible_to(viewer).filter(goal=goal, owner_id=goal.owner_id)
    for win in wins.order_by("-happened_on", "-pk")[:SHOWN]:
        yield Link(win.text, "A win on the way to it", win.get_absolute_url(), "trophy")


def goals_of_week(entry: Entry, viewer: User) -> Iterator[Link]:
    """Goals that moved in the week or month, or on the day, an entry is about."""
    first, last = entry.period.days if entry.period else (entry.entry_on, entry.entry_on)
    goals = Goal.objects.visible_to(viewer).filter(owner_id=entry.owner_id).moved_between(first, last)
    when = f"in this {entry.period.kind}" if entry.period else "on this day"
    for goal in goals.order_by("due_on", "pk")[:SHOWN]:
        yield Link(goal.title, f"Moved {when}", goal.get_absolute_url(), "diamond")


def advice_about(thing: Goal | Entry, viewer: User) -> Iterator[Link]:
    """What mentors wrote about it that its owner keeps as advice, and what came of it; for nobody else."""
    if thing.owner_id == viewer.pk:
        for each in kept_advice(thing, viewer)[:SHOWN]:
            came = "" if each.state == Advice.State.OPEN else f". {each.get_state_display()}"
            about = f"Advice you keep, from {each.said.author_name if each.said else ''}{came}"
            yield Link(plain(each.words, EXCERPT_LENGTH), about, each.get_absolute_url(), "chat-left")


def kept_advice(thing: Goal | Entry, viewer: User) -> QuerySet[Advice]:
    """Return the comments on a goal or an entry that its owner keeps as advice, the newest first."""
    said = "comment" if isinstance(thing, Goal) else "entry_comment"
    kept = Advice.objects.visible_to(viewer).filter(**{f"{said}__item": thing, f"{said}__removed_at": None})
    return kept.filter(mentorship__mentee=viewer).select_related(f"{said}__author").order_by("-created_at", "-pk")


def people_of_goal(goal: Goal, viewer: User) -> Iterator[Link]:
    """Contacts who help with it, for its owner alone."""
    if goal.owner_id == viewer.pk:
        for contact in goal.contacts.owned_by(viewer).order_by("sort_name", "pk")[:SHOWN]:
            yield Link(contact.name, contact.works_as or "Helps with it", contact.get_absolute_url(), "person-vcard")


def goals_of_contact(contact: Contact, viewer: User) -> Iterator[Link]:
    """Goals of one's own that somebody helps with, those that come first on top, each with its trail."""
    goals = Goal.objects.owned_by(viewer).filter(contacts=contact).with_progress()
    for goal in goals.order_by("ranked_on", "pk")[:SHOWN]:
        where = standing_of(goal, today=viewer.today(timezone.now()))
        about = " · ".join(part for part in (where.count, where.words) if part)
        yield Link(goal.title, about, goal.get_absolute_url(), "diamond", None if goal.is_draft else where.trail)


Source = Callable[[Any, User], Iterable[Link]]
AROUND: dict[str, tuple[Source, ...]] = {
    "goal": (readers_of, people_of_goal, entries_of_goal, advice_about, wins_of_goal),
    "entry": (readers_of, goals_of_week, advice_about),
    "contact": (goals_of_contact,),
}
HEADINGS = {"contact": "Part of"}
MODELS: dict[str, type[Goal] | type[Entry] | type[Contact]] = {"goal": Goal, "entry": Entry, "contact": Contact}


def links_around(kind: str, thing: Goal | Entry | Contact, *, viewer: User) -> list[Link]:
    """Return what is linked to a goal, an entry or a contact, as `viewer` may see it now; a few of each sort."""
    return [link for source in AROUND[kind] for link in source(thing, viewer)]
