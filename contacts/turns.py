"""The due list as pages show it: who is asked for this week, who waits for a later one and why, and who is not yet."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from accounts.models import User
from contacts.conversations import TalkRow, talk_row, with_people
from contacts.due import Place, Spread, monday_of, rhythm_days, standing, sunday_of
from contacts.models import Contact, Interaction, Pace
from contacts.models.pace import PER_WEEK
from contacts.rows import say_date, say_rhythm, together
from core.paging import page
from core.timekeeping import say_day, say_day_within

LATER_SHOWN, NOT_YET_SHOWN, PLANS_SHOWN = 25, 10, 10
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


@dataclass(frozen=True, slots=True)
class TurnRow:
    """One person whose turn it is or will be, in words. `status` is a kind of the {% status %} tag, or empty."""

    contact: Contact
    about: str
    status: str
    when: str
    why: str = ""


@dataclass
class DueList:
    """Who is due, in the groups of the page."""

    per_week: int
    dealt: int
    overdue: list[TurnRow] = field(default_factory=list)
    this_week: list[TurnRow] = field(default_factory=list)
    later: list[TurnRow] = field(default_factory=list)
    not_yet: list[TurnRow] = field(default_factory=list)
    plans: list[TalkRow] = field(default_factory=list)
    older: str = ""

    @property
    def asked(self) -> int:
        """How many people are asked for at this moment."""
        return len(self.overdue) + len(self.this_week)

    @property
    def says(self) -> str:
        """The pace in a sentence, and what was dealt with this week."""
        dealt = f" {_people(self.dealt)} dealt with this week." if self.dealt else ""
        return f"{_people(self.per_week)} a week, the longest due first.{dealt}"

    @property
    def why_later(self) -> str:
        """Why some of them wait, where some are due and not asked for."""
        if not any(row.why for row in self.later):
            return ""
        taken = self.asked + self.dealt
        asked = (
            f"{_people(taken)} {'is' if taken == 1 else 'are'} asked for this week already"
            if taken
            else "Others come first"
        )
        return f"{asked}. The rest comes in a week with room, on the day beside their name."


def pace_of(user: User, *, today: date) -> tuple[int, int]:
    """Return how many people a week somebody keeps up with, and how many turns of this week they dealt with."""
    found = Pace.objects.owned_by(user).values_list("per_week", flat=True).first()
    dealt = Contact.objects.owned_by(user).dealt_with(monday_of(today), sunday_of(today)).count()
    return found or PER_WEEK, dealt


def due_list(user: User, *, today: date, after: str = "", turn: str = "") -> DueList:
    """Return the whole page; `after` and `turn` say where the page before ended, its last row and its week."""
    per_week, dealt = pace_of(user, today=today)
    found = DueList(per_week, dealt)
    spread = Spread.of(per_week=per_week, dealt=dealt, today=today)
    if after:
        spread.go_on(turn)
    rows = page(
        Contact.objects.owned_by(user).in_turn(), keys=("due_on", "pk"), after=after, size=per_week + LATER_SHOWN
    )
    for contact in rows.rows:
        place = spread.place(contact.due_on)
        if not place.is_asked:
            found.later.append(_later_row(contact, place, found, today))
        elif contact.due_on < today:
            found.overdue.append(asked_row(contact, contact.due_on, today))
        else:
            found.this_week.append(asked_row(contact, contact.due_on, today))
    if rows.next_token:
        found.older = f"/contacts/due/?after={rows.next_token}&turn={spread.token}"
    if not after:
        mine = Contact.objects.owned_by(user).not_yet().order_by("sort_name", "pk")[:NOT_YET_SHOWN]
        found.not_yet = [TurnRow(contact, _about(contact), "", "Not yet") for contact in mine]
        plans = Interaction.objects.owned_by(user).planned().filter(happened_on__lte=today + timedelta(days=13))
        plans = plans.prefetch_related(with_people()).order_by("happened_on", "pk")[:PLANS_SHOWN]
        found.plans = [talk_row(talk, today=today) for talk in plans]
    return found


def asked_row(contact: Contact, due_on: date, today: date) -> TurnRow:
    """Say one person who is asked for this week."""
    rhythm = rhythm_days(contact.circle, contact.own_every, contact.own_unit)
    status, words = standing(due_on, rhythm, today)
    last = f", last on {together(say_date(contact.last_contact_on, today))}" if contact.last_contact_on else ""
    return TurnRow(contact, f"{say_rhythm(contact)}{last}", status, words or say_day(due_on, today))


def _about(contact: Contact) -> str:
    return ". ".join(filter(None, [contact.works_as, say_rhythm(contact)]))


def _later_row(contact: Contact, place: Place, found: DueList, today: date) -> TurnRow:
    why = ""
    if place.is_held_back:
        since = "due since" if contact.due_on < today else "due"
        why = f"{since} {say_day_within(contact.due_on, today)}"
    return TurnRow(contact, _about(contact), "", say_day(place.day, today), why)


def _people(number: int) -> str:
    """Return One person, Five people, 12 people."""
    word = NUMBERS[number].capitalize() if number < len(NUMBERS) else str(number)
    return f"{word} {'person' if number == 1 else 'people'}"
