"""Where Amara meets people: an association and its lunches, conversations she asks for, what she gave (devstack.demo)."""

from datetime import date, datetime, time, timedelta
from typing import Any

from accounts.models import User
from contacts.library.asking import words_of
from contacts.models import Association, Contact, Event, FollowUp, Interaction, Interview, Introduction
from contacts.services.touch import touch
from core.timekeeping import at_local

# Days ago, kind, with whom, what she gave, what she received.
BOTH_WAYS = (
    (20, "gave", "Tomás Herrera", "Shared something to read: a paper on waiting rooms", ""),
    (52, "gave", "Nadia Petrova", "Offered help: read her consent form as a beginner would", ""),
    (75, "asked", "Elif Demir", "", "How she told her manager"),
    (101, "gave", "Lucía Ortega", "Shared something to read: the summary of twelve calls", ""),
    (130, "talked", "Chen Li", "", "The plan of a protected afternoon"),
    (190, "asked", "Bram de Wit", "", "The template of his reports"),
    (250, "gave", "Marcus Reid", "Offered help: practised his interview with him", ""),
)
QUESTIONS = [
    "How did you come to this work?",
    "What did you do yesterday, hour by hour?",
    "What would make you trust somebody who comes from another field?",
    "Who else should I talk to, and may I say that you sent me?",
]


def fill_meetings(owner: User, today: date) -> None:
    """Write them once, for the people who are there."""
    if Association.objects.filter(owner=owner).exists():
        return
    people = {person.name: person for person in Contact.objects.owned_by(owner)}
    _events(owner, people, today)
    _interviews(owner, people, today)
    _giving(owner, people, today)


def _at(owner: User, day: date) -> datetime:
    return datetime.combine(day, time(18, 20), tzinfo=owner.time_zone)


def _events(owner: User, people: dict[str, Contact], today: date) -> None:
    made = {"owner": owner, "created_at": _at(owner, today - timedelta(days=100))}
    lunches = Association.objects.create(
        **made, name="Research Lunches", link="https://researchlunches.example", fee="Free, bring a cake once a year",
        why="Forty people who do this work, once a month, in one room.", renews_on=today + timedelta(days=40),
    )  # fmt: skip
    Event.objects.create(
        **made, association=lunches, name="Research Lunches: working with clinics", hour=time(12, 15),
        happens_on=today + timedelta(days=8), place="City Library", who="Tomás Herrera\nElif Demir",
        aim="Meet someone who interviews patients.",
    )  # fmt: skip
    past = Event.objects.create(
        **made, association=lunches, name="Research Lunches: first studies", hour=time(12, 15), state="attended",
        happens_on=today - timedelta(days=52), place="City Library", aim="Hear how others began.",
    )  # fmt: skip
    Event.objects.create(**made, name="Service design meet-up", happens_on=today - timedelta(days=31), state="missed")
    if nadia := people.get("Nadia Petrova"):
        past.talks.add(_talk(owner, nadia, past.happens_on, kind="event", notes="We shared a table. She knows panels."))


def _interviews(owner: User, people: dict[str, Contact], today: date) -> None:
    def begin(name: str, ago: int, **fields: Any) -> Interview | None:
        if name not in people:
            return None
        asking = words_of("cold", name=people[name].given_name, me=owner.given_name)
        at = _at(owner, today - timedelta(days=ago))
        return Interview.objects.create(owner=owner, contact=people[name], asking=asking, created_at=at, **fields)

    begin("Ingrid Solberg", 1, why="Whether the evening course fits a shift worker.", questions=QUESTIONS[:2])
    begin(
        "Bram de Wit",
        15,
        state="asked",
        asked_on=today - timedelta(days=13),
        why="How one writes for people in a hurry.",
    )
    starts_at = at_local(owner.time_zone, today + timedelta(days=5), time(16))
    begin(
        "Elif Demir", 9, state="agreed", asked_on=today - timedelta(days=8), starts_at=starts_at, place="by phone",
        why="What the first month is really like.", questions=QUESTIONS,
    )  # fmt: skip
    held_on = today - timedelta(days=12)
    talked = begin(
        "Nadia Petrova", 30, state="thanked", asked_on=today - timedelta(days=29), held_on=held_on,
        notes="Pay people for their time. Recruit twice as many as you need.",
    )  # fmt: skip
    if talked is not None:
        text, due_on = "Tell them what came of it", held_on + timedelta(days=90)
        at = _at(owner, held_on)
        talked.news = FollowUp.objects.create(
            owner=owner, contact=talked.contact, text=text, due_on=due_on, created_at=at
        )
        talked.save(update_fields=["news"])
    begin("Jonas Weber", 60, state="no_answer", asked_on=today - timedelta(days=58), closed_at=_at(owner, today))


def _giving(owner: User, people: dict[str, Contact], today: date) -> None:
    for ago, kind, name, gave, received in BOTH_WAYS:
        if name in people:
            _talk(owner, people[name], today - timedelta(days=ago), kind=kind, gave=gave, received=received)
    first, second = people.get("Chen Li"), people.get("Grace Mensah")
    if first and second:
        Introduction.objects.create(
            owner=owner, first=first, second=second, state="first_agreed", created_at=_at(owner, today),
            why="Both want support teams to do their own research.",
        )  # fmt: skip


def _talk(owner: User, person: Contact, day: date, **fields: Any) -> Interaction:
    talk = Interaction.objects.create(owner=owner, happened_on=day, created_at=_at(owner, day), **fields)
    talk.people.add(person)
    touch([person.pk])
    return talk
