"""The people Amara knows, what they talked about and what was promised (devstack.demo)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from accounts.models import User
from contacts.demo_meetings import fill_meetings
from contacts.models import Contact, FollowUp, Interaction, Way
from contacts.reach import compared
from contacts.services.touch import touch


@dataclass(frozen=True)
class Person:
    """One of the people; days are counted back from today, those of promises forward."""

    name: str
    role: str
    organisation: str
    why: str
    met: str
    circle: str = "none"
    every: tuple[int, str] | None = None
    talks: tuple[tuple[int, str, str], ...] = ()  # days ago, kind, what was said
    promise: tuple[int, str] | None = None  # in how many days, what
    offer: str = ""
    hoped_for: str = ""
    topics: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    ways: tuple[tuple[str, str, str], ...] = ()
    birthday: str = ""
    archived: int | None = None


PEOPLE = (
    Person(
        "Elif Demir", "User researcher", "Northmoor Health", "Made the same move I want to make, one year ahead",
        "at Research Lunches, last spring", "close", talks=((28, "talked", "She starts at Northmoor on Monday. Nervous in a good way."),),
        promise=(2, "Ask how her first month went"), tags=("research",), topics=("first research jobs",),
        ways=(("email", "elif.demir@northmoor.example", "Work"), ("phone", "+44 7700 900117", "")),
    ),
    Person(
        "Fatima Haddad", "Design lead", "at my company", "Could lend me one day a week of research work",
        "on the intranet project", "regular", talks=((9, "talked", "A day a week is possible from next quarter, if Owen agrees."),),
        promise=(14, "Bring a plan for one day a week"), tags=("at work",), topics=("design systems", "hiring"),
        ways=(("email", "fatima.haddad@company.example", "Work"),),
    ),
    Person(
        "Hannah Vogel", "Practice manager", "St Anne's Clinic",
        "She knows every clinic in the region, and people trust her. When Hannah says “talk to Amara”, they do.",
        "through Priya, October 2025", "own", (1, "months"),
        talks=(
            (42, "talked", "She introduced me to Mrs Doyle and to the phone desk. Said the Easton team just changed systems and would have a lot to say."),
            (54, "gave", "Sent her the checklist for the new phone menu. She printed it."),
            (142, "talked", "First coffee. Thirty years at the same clinic. She likes questions more than updates."),
        ),
        promise=(1, "Ask for an introduction to the clinic team"),
        offer="A one-page summary of what receptionists told me\nHelp setting up their new phone menu",
        hoped_for="An introduction to the clinic team in Easton\nHalf an hour on how shifts are planned",
        topics=("shift planning", "phone desks"), tags=("clinics",), ways=(("email", "hannah.vogel@stannes.example", ""),),
    ),
    Person(
        "Kenji Mori", "Data team", "at my company", "Patient with my SQL questions", "when he was my mentor",
        talks=((3, "wrote", "Asked him why my join gives double rows. He answered with a drawing."),), tags=("at work",),
        topics=("SQL",), ways=(("email", "kenji@example.org", ""),),
    ),
    Person(
        "Owen Price", "Product manager", "at my company", "Decides what gets researched", "in planning", "close",
        talks=((20, "asked", "Asked whether I may sit in on the next round. He wants to see the onboarding notes first."),),
        promise=(-5, "Send the onboarding notes you promised"), tags=("at work",), ways=(("email", "owen.price@company.example", "Work"),),
    ),
    Person(
        "Tomás Herrera", "Runs Research Lunches", "", "A room of forty people who do this work", "at the second lunch I went to",
        "regular", talks=((16, "wrote", "He looks for somebody to give the lunch talk in spring."),),
        promise=(-2, "Reply about the lunch talk"), tags=("research", "events"),
        ways=(("email", "tomas@researchlunches.example", ""), ("web", "researchlunches.example", "Events")),
    ),
    Person(
        "Aisha Bello", "Receptionist", "Easton Medical Centre", "First person who let me listen at the desk", "by phone, as a customer",
        "wide", talks=((60, "talked", "The new system hides the waiting list behind three clicks."),), tags=("clinics",),
        ways=(("phone", "+44 1632 960 812", "Desk"),),
    ),
    Person(
        "Bram de Wit", "Researcher", "Public Health Lab", "Writes the clearest reports I have read", "when I wrote to him about one",
        "regular", talks=((70, "wrote", "He sent me the template of his reports."),), tags=("research",),
        topics=("writing",), ways=(("web", "https://bramdewit.example/reports", "Reports"),),
    ),
    Person(
        "Chen Li", "Support lead", "Brightline", "Runs a support team that does its own research", "in a support forum", "wide",
        talks=((110, "talked", "Two hours a week, protected. That was the whole trick."),), topics=("support teams",),
    ),
    Person(
        "Dorothea Klein", "Coach", "", "Asked me the question that started all this", "at a weekend course, three years ago", "wide",
        talks=((150, "wrote", "Sent her a note to say thank you."),), birthday="--12-03",
    ),
    Person(
        "Grace Mensah", "Head of support", "at my company", "My manager's manager, and she reads what I write", "in her first week here",
        "regular", talks=((35, "talked", "She forwarded my summary to the board."),), tags=("at work",),
    ),
    Person(
        "Ingrid Solberg", "Lecturer in human factors", "Northmoor University", "Teaches the evening course I am thinking of",
        "at her open lecture", talks=(), hoped_for="Whether the evening course fits a shift worker", topics=("teaching",),
        ways=(("email", "i.solberg@northmoor-uni.example", ""),), circle="wide",
    ),
    Person("Jonas Weber", "Recruiter", "Hale & Partners", "Places junior researchers in health care", "when he wrote to me", "none",
           talks=((25, "wrote", "Nothing open now. He keeps my name."),), tags=("jobs",)),
    Person("Lucía Ortega", "Clinic nurse", "St Anne's Clinic", "Tells me what the receptionists will not", "through Hannah", "wide",
           talks=((48, "talked", "Nights are when the phone breaks people."),), tags=("clinics",)),
    Person("Marcus Reid", "Former team mate", "Fennel", "We started on the same day", "on the first day at work", "wide",
           talks=((95, "talked", "He is happier in operations than he ever was with tickets."),), birthday="1991-05-17"),
    Person("Nadia Petrova", "Research operations", "Kestrel Bank", "Knows how to find people to interview", "in the queue at a conference",
           "regular", talks=((12, "talked", "Pay people for their time, always, and say so in the first line."),), tags=("research",)),
    Person("Meera Nair", "Doctor", "Easton Medical Centre", "Answers medical questions in plain words", "at Priya's birthday; she is her sister",
           ways=(("phone", "+44 7700 900358", ""),)),
    Person("Samuel Okafor", "Librarian", "City Library", "Lends me the room for free", "when I asked at the counter", "none",
           talks=((80, "gave", "Helped him tidy the sign-up list."),), tags=("events",)),
    Person("Wes Turner", "Consultant", "", "Sold me a course once", "by email", archived=30),
)  # fmt: skip


# What is planned: in how many days (one has passed and asks whether it took place), how, with whom, what for.
PLANS = (
    (-1, "called", ("Grace Mensah",), "Which numbers the board wants to see"),
    (4, "met", ("Elif Demir", "Tomás Herrera"), "Who gives the lunch talk in spring"),
)
# With whom, in how many days, what they promised.
OWED = (("Nadia Petrova", 3, "Send the consent form they use"),)


def fill(cast: Any, today: date) -> None:
    """Write them once; somebody who is there already stays as they are."""
    is_first = not Contact.objects.filter(owner=cast.amara).exists()
    for person in PEOPLE:
        if not Contact.objects.filter(owner=cast.amara, name=person.name).exists():
            _make(person, cast.amara, today)
    fill_meetings(cast.amara, today)
    if is_first:
        _plan(cast.amara, today)


def _plan(owner: User, today: date) -> None:
    people = {contact.name: contact for contact in Contact.objects.owned_by(owner)}
    at = datetime.combine(today - timedelta(days=7), time(18, 10), tzinfo=owner.time_zone)
    for ahead, kind, names, notes in PLANS:
        day = today + timedelta(days=ahead)
        talk = Interaction.objects.create(
            owner=owner, kind=kind, state="planned", happened_on=day, notes=notes, created_at=at
        )
        talk.people.set([people[name] for name in names])
    for name, ahead, text in OWED:
        day = today + timedelta(days=ahead)
        FollowUp.objects.create(
            owner=owner, contact=people[name], text=text, due_on=day, direction="they_owe", created_at=at
        )


def _make(person: Person, owner: User, today: date) -> None:
    def moment(ago: int) -> datetime:
        return datetime.combine(today - timedelta(days=ago), time(18, 10), tzinfo=owner.time_zone)

    every, unit = person.every or (None, "")
    known = max([180, *(ago for ago, _, _ in person.talks)])
    contact = Contact.objects.create(
        owner=owner, name=person.name, role=person.role, organisation=person.organisation, why=person.why,
        how_met=person.met, circle=person.circle, own_every=every, own_unit=unit, offer=person.offer,
        hoped_for=person.hoped_for, topics=list(person.topics), tags=list(person.tags), birthday=person.birthday,
        created_at=moment(known), archived_at=None if person.archived is None else moment(person.archived),
    )  # fmt: skip
    Way.objects.bulk_create(
        Way(
            contact=contact,
            owner=owner,
            kind=kind,
            value=value,
            label=label,
            compared=compared(kind, value),
            position=place,
        )
        for place, (kind, value, label) in enumerate(person.ways)
    )
    for ago, kind, notes in person.talks:
        talk = Interaction.objects.create(
            owner=owner, kind=kind, happened_on=today - timedelta(days=ago), notes=notes, created_at=moment(ago)
        )
        talk.people.add(contact)
    touch([contact.pk])
    if person.promise:
        ahead, text = person.promise
        FollowUp.objects.create(
            owner=owner, contact=contact, text=text, due_on=today + timedelta(days=ahead), created_at=moment(30)
        )
