"""The demo people. What they have done is written by each app, in its own `demo.py`.

An app's `demo.py` holds `fill(cast, today)`. `cast` is the `Cast` below: `cast.amara` is a User,
`cast.mentorships["amara", "ruth"]` the relation in which Amara shows and Ruth reads. `today` is Amara's local day;
dates are reckoned from it. `fill` looks before it makes: called again, it changes nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from accounts.models import User
from devstack.people import PASSWORD, PEOPLE, RELATIONS, Person
from sharing.models import Mentorship


@dataclass
class Cast:
    """The demo people as attributes, and their relations by the keys of mentee and mentor."""

    amara: User
    ruth: User
    priya: User
    daniel: User
    kenji: User
    leo: User
    sofia: User
    mateo: User
    wen: User
    grace: User
    jonas: User
    mirela: User
    sam: User
    mentorships: dict[tuple[str, str], Mentorship]


def gather_cast(*, now: datetime) -> Cast:
    """Return the demo people and their relations, made where they are not there yet."""
    password = make_password(PASSWORD)
    cast = Cast(mentorships={}, **{person.key: _find_or_make(person, password, now) for person in PEOPLE})
    for relation in RELATIONS:
        mentee, mentor = getattr(cast, relation.mentee), getattr(cast, relation.mentor)
        found = Mentorship.objects.of_mentee(mentee).of_mentor(mentor).order_by("pk").first()
        cast.mentorships[relation.mentee, relation.mentor] = found or Mentorship.objects.create(
            mentee=mentee,
            mentor=mentor,
            kind=relation.kind,
            status="active" if relation.ended is None else "ended",
            started_at=now - timedelta(days=relation.began),
            ended_at=None if relation.ended is None else now - timedelta(days=relation.ended),
        )
    return cast


def _find_or_make(person: Person, password: str, now: datetime) -> User:
    zone = {"time_zone": person.time_zone, "time_zone_is_guess": False} if person.time_zone else {}
    user, made = User.objects.get_or_create(
        email=person.email,
        defaults={"name": person.name, "password": password, "date_joined": now - timedelta(days=540), **zone},
    )
    if made:
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user
