"""What goes from a person to those they know: things shared, help, introductions."""

from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from contacts.models import Contact, Interaction, Introduction
from contacts.services.conversations import hold, log


def give(*, by: User, to: Contact, words: str, day: date, now: datetime) -> Interaction:
    """Note something that was given to somebody; sent twice within a minute it is one."""
    talk = Interaction(kind=Interaction.Kind.GAVE, happened_on=day, gave=words)
    return log(talk=talk, people=[to], by=by, at=now)


@transaction.atomic
def begin_introduction(*, by: User, first: Contact, second: Contact, why: str, now: datetime) -> Introduction:
    """Note that two people should meet; while one of the two is open, in either order, that one is returned."""
    hold(by)
    both = [first.pk, second.pk]
    rows = Introduction.objects.owned_by(by).open().filter(first__in=both, second__in=both)
    if found := rows.first():
        return found
    return Introduction.objects.create(owner=by, first=first, second=second, why=why, created_at=now)


@transaction.atomic
def take_step(*, introduction: Introduction, verb: str, now: datetime) -> Introduction:
    """Take a step; making it is a conversation with both today. Raises StepRefused with a sentence."""
    hold(User(pk=introduction.owner_id))
    row = Introduction.objects.select_related("owner", "first", "second").get(pk=introduction.pk)
    row.step(verb, at=now)
    if verb == "make":
        talk = Interaction(
            kind=Interaction.Kind.INTRODUCED,
            happened_on=row.owner.today(now),
            gave=f"Introduced {row.first.name} and {row.second.name}"[:4000],
        )
        row.talk = log(talk=talk, people=[row.first, row.second], by=row.owner, at=now)
    row.save(update_fields=["state", "closed_at", "talk"])
    return row
