"""Conversations and promises as pages show them: lines in words, and what the page of a contact needs."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Prefetch, prefetch_related_objects

from accounts.models import User
from contacts.due import LATER, standing_of_day
from contacts.finding import Search
from contacts.forms.conversation import FIRST_KINDS, LogForm
from contacts.models import Contact, FollowUp, Interaction, InteractionQuerySet
from contacts.rows import together
from core.paging import Page, Pages
from core.timekeeping import say_day, say_day_within

Kind, State = Interaction.Kind, Interaction.State
ICONS = {
    Kind.TALKED: "chat-left",
    Kind.MET: "people",
    Kind.CALLED: "telephone",
    Kind.WROTE: "envelope",
    Kind.EVENT: "calendar-event",
    Kind.INTRODUCED: "person-plus",
    Kind.GAVE: "box-arrow-right",
    Kind.ASKED: "box-arrow-in-left",
}
# What each kind is called before it has taken place.
PLANS = {
    Kind.TALKED: "A talk",
    Kind.MET: "A meeting",
    Kind.CALLED: "A call",
    Kind.WROTE: "A message",
    Kind.EVENT: "An event",
    Kind.INTRODUCED: "An introduction",
    Kind.GAVE: "Something to give",
    Kind.ASKED: "A question",
}
# What one did with them, where the names stand in the sentence.
WAS = {
    Kind.TALKED: "Talked with {}",
    Kind.MET: "Met {}",
    Kind.CALLED: "Called {}",
    Kind.WROTE: "Wrote to {}",
    Kind.EVENT: "At an event with {}",
    Kind.INTRODUCED: "An introduction with {}",
    Kind.GAVE: "Gave something to {}",
    Kind.ASKED: "Asked {}",
}
NAMES_SHOWN, PROMISES_SHOWN, CLOSED_SHOWN, FOUND = 3, 10, 3, 8


def name_people(names: list[str]) -> str:
    """Return Ana, Ana and Ben, or Ana, Ben, Cleo and 4 others."""
    more = len(names) - NAMES_SHOWN
    if more > 0:
        return f"{', '.join(names[:NAMES_SHOWN])} and {more} other{'s' * (more > 1)}"
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


@dataclass(frozen=True, slots=True)
class TalkRow:
    """One conversation in words. `asks`: its day has passed, and nobody said whether it took place."""

    talk: Interaction
    icon: str
    head: str
    asks: bool


def talk_row(talk: Interaction, *, today: date, on_page_of: int = 0) -> TalkRow:
    """Say one conversation; its people are prefetched, and the one whose page it stands on is not named again."""
    kind, day = Kind(talk.kind), together(say_day_within(talk.happened_on, today))
    others = name_people([each.name for each in talk.people.all() if each.pk != on_page_of])
    whom = f", with {others}" if others else ""
    if talk.state == State.HELD:
        head = f"{kind.label}, {day}{whom}"
    elif talk.state == State.CANCELLED:
        head = f"{PLANS[kind]}, {day}{whom}: did not take place"
    else:
        head = f"{PLANS[kind]}, planned for {day}{whom}"
    return TalkRow(talk, ICONS[kind], head, talk.is_planned and talk.happened_on < today)


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """One promise in words: `status` is a kind of the {% status %} tag where its day has passed."""

    promise: FollowUp
    status: str
    when: str


def promise_row(promise: FollowUp, *, today: date) -> PromiseRow:
    """Say one promise."""
    status, late = standing_of_day(promise.due_on, today)
    return PromiseRow(promise, status, late or say_day(promise.due_on, today))


def _talks(owner: int, contact: int) -> InteractionQuerySet:
    return Interaction.objects.owned_by(User(pk=owner)).filter(people=contact)


_TALKS = Pages(_talks, keys=("-happened_on", "-pk"), owner=int, contact=int, size=10)


def talks_page(contact: Contact, after: str | None) -> Page[Interaction]:
    """Return a page of what one talked about with somebody, the newest first."""
    found = _TALKS.page(after, owner=contact.owner_id, contact=contact.pk)
    prefetch_related_objects(found.rows, with_people())
    return found


def with_people() -> Prefetch:
    """Bring along who took part, but those in the bin."""
    return Prefetch("people", Contact.objects.alive().only("name", "owner"))


def talks_context(contact: Contact, *, today: date, after: str | None = None) -> dict[str, Any]:
    """Return the list of conversations with somebody, as its fragment needs it."""
    found = talks_page(contact, after)
    older = f"/contacts/{contact.pk}/conversations/?after={found.next_token}" if found.next_token else ""
    return {"talks": [talk_row(talk, today=today, on_page_of=contact.pk) for talk in found.rows], "older": older}


def page_context(contact: Contact, user: User, *, today: date) -> dict[str, Any]:
    """Return what the page of a contact shows of conversations and promises: three statements."""
    newest = FollowUp.objects.owned_by(user).filter(contact=contact)
    rows = list(newest.order_by(F("closed_at").desc(nulls_first=True), "due_on", "pk")[: PROMISES_SHOWN + CLOSED_SHOWN])
    return {
        "form": LogForm(owner=user, today=today, contact=contact, initial={"happened_on": today}),
        "first_kinds": FIRST_KINDS,
        "promises": [promise_row(each, today=today) for each in rows if each.is_open][:PROMISES_SHOWN],
        "later_choices": LATER.items(),
        "kept": [each for each in rows if not each.is_open][:CLOSED_SHOWN],
        **talks_context(contact, today=today),
    }


def find_people(user: User, *, words: str, chosen: list[int], but: int = 0) -> list[tuple[Contact, bool]]:
    """Return those who were chosen, and a few more who fit these words, each with whether it is chosen."""
    mine = Contact.objects.owned_by(user).exclude(pk=but).only("name", "organisation", "owner")
    there = [(each, True) for each in mine.filter(pk__in=chosen).order_by("sort_name", "pk")] if chosen else []
    words_asked = Search(q=words.strip()[:100]).words
    if not words_asked:
        return there
    found = mine.current().fitting(words=words_asked, facets=[], owner=user.pk)
    found = found.exclude(pk__in=chosen).order_by("sort_name", "pk")
    return there + [(each, False) for each in found[:FOUND]]
