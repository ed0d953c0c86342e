"""What goes from a person to those they know: things shared, help, introductions."""

from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from contacts.models import Contact, Interaction, Introduction, StepRefused
from contacts.services.conversations import delete, hold, log
from core.versioned import StaleEdit


def give(*, by: User, to: Contact, words: str, day: date, now: datetime) -> Interaction:
    """Note something that was given to somebody; sent twice within a minute it is one."""
    talk = Interaction(kind=Interaction.Kind.GAVE, happened_on=day, gave=words)
    return log(talk=talk, people=[to], by=by, at=now)


@transaction.atomic
def begin_introduction(*, by: User, first: Contact, second: Contact, why: str, now: datetime) -> Introduction:
    """Note that two people should meet; while one of the two is open, in either order, that one is returned."""
    hold(by)
    if found := Introduction.objects.owned_by(by).open().between(first, second).first():
        return found
    return Introduction.objects.create(owner=by, first=first, second=second, why=why, created_at=now)


@transaction.atomic
def change_introduction(
    *, introduction: Introduction, first: Contact, second: Contact, why: str, expected: int
) -> Introduction:
    """Save other people or another reason over the version `expected`.

    Raises StaleEdit where another was saved meanwhile, StepRefused with a sentence where it is over, or where two who
    come together now have an introduction under way already. The very same words again are a second press.
    """
    row = _locked(introduction)
    if row.version != expected:
        if (row.first, row.second, row.why) == (first, second, why):
            return row
        raise StaleEdit(row)
    is_of_others = {row.first, row.second} != {first, second}
    row.change(first=first, second=second, why=why)
    if is_of_others and Introduction.objects.owned_by(row.owner).open().between(first, second).exists():
        raise StepRefused("You are introducing these two already.")
    return row.save_version(expected=expected, update_fields=["first", "second", "why", "state"])


@transaction.atomic
def take_step(*, introduction: Introduction, verb: str, now: datetime) -> Introduction:
    """Take a step; making it is a conversation with both today. Raises StepRefused with a sentence."""
    row = _locked(introduction)
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


@transaction.atomic
def take_back(*, introduction: Introduction, seen: str, to: str, now: datetime) -> Introduction:
    """Take back the step from the state `to` to `seen`; one that was made takes its conversation along.

    A second press finds another state than `seen` and raises StepRefused.
    """
    row = _locked(introduction)
    if row.state != seen:
        raise StepRefused("This has gone on meanwhile. Here is how it stands now.")
    row.step_back(to=to)
    if row.talk is not None:
        delete(talk=row.talk, at=now)
        row.talk = None
    row.save(update_fields=["state", "closed_at", "talk"])
    return row


def _locked(introduction: Introduction) -> Introduction:
    hold(User(pk=introduction.owner_id))
    return Introduction.objects.select_related("owner", "first", "second", "talk__owner").get(pk=introduction.pk)
