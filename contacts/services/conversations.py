"""What people do with conversations. Each function is one transaction in which everybody concerned is touched anew."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet

from accounts.models import User
from contacts.due import sunday_of
from contacts.models import Contact, FollowUp, Interaction, Merge
from contacts.services.touch import touch

# The same words sent again within a minute are a second click, or a reload after an answer that got lost.
REPEAT_WINDOW = timedelta(minutes=1)
WRITTEN = ("kind", "state", "happened_on", "notes", "gave", "received", "next_step")


def hold(owner: User) -> None:
    """Let nobody else change this owner's conversations until the transaction ends.

    Two that are logged at once would each work out the last contact without seeing the other.
    """
    User.objects.select_for_update(no_key=True).values_list("pk").get(pk=owner.pk)


@transaction.atomic
def log(
    *, talk: Interaction, people: Iterable[Contact], by: User, at: datetime, promise: FollowUp | None = None
) -> Interaction:
    """Store a conversation with these people, and what is to follow with the first of them.

    Sent twice within a minute it is one: the one there is already is returned. Whose turn it was has been dealt with.
    """
    hold(by)
    with_whom = _as_they_are_now(people, by)
    keys = {contact.pk for contact in with_whom}
    same = {name: getattr(talk, name) for name in WRITTEN}
    lately = Interaction.objects.owned_by(by).filter(**same, created_at__gt=at - REPEAT_WINDOW)
    for found in lately.prefetch_related("people").order_by("pk"):
        if {contact.pk for contact in found.people.all()} == keys:
            return found
    talk.owner, talk.created_at = by, at
    talk.save(force_insert=True)
    talk.people.set(with_whom)
    if talk.state == Interaction.State.HELD:
        deal_with(keys, today=by.today(at))
    touch(keys)
    if promise is not None:
        promise.owner, promise.created_at, promise.contact, promise.interaction = by, at, with_whom[0], talk
        promise.save(force_insert=True)
    return talk


def _as_they_are_now(people: Iterable[Contact], owner: User) -> list[Contact]:
    """Return these people; for one who became part of another since the page was opened, that other."""
    found = list(people)
    merges = Merge.objects.filter(owner=owner, gone__in=found, gone__deleted_at__isnull=False).select_related("kept")
    kept = {merge.gone_id: merge.kept for merge in merges}
    return list(dict.fromkeys(kept.get(contact.pk, contact) for contact in found))


@transaction.atomic
def change(*, talk: Interaction, people: Iterable[Contact], expected: int, today: date) -> None:
    """Save a conversation that was edited from version `expected`; raise StaleEdit if that is no longer stored.

    Who left the conversation and who came into it are touched alike. Whoever lies in the bin was not on the page, and
    still took part when they come back.
    """
    hold(talk.owner)
    before = _people_of(talk)
    in_bin = set(talk.people.exclude(deleted_at=None).values_list("pk", flat=True))
    after = in_bin | {contact.pk for contact in people}
    talk.save_version(expected=expected, update_fields=list(WRITTEN))
    talk.people.set(after)
    _count(talk, before | after, today=today)


@transaction.atomic
def move(*, talks: QuerySet[Interaction], owner: User, to: date) -> None:
    """Give some conversations of one person another day, on which everybody in them was talked with."""
    hold(owner)
    keys = list(talks.values_list("pk", flat=True))
    Interaction.objects.filter(pk__in=keys).update(happened_on=to, version=F("version") + 1)
    touch(Contact.objects.filter(interactions__in=keys).values_list("pk", flat=True))


@transaction.atomic
def set_state(*, talk: Interaction, state: Interaction.State, today: date) -> None:
    """Say that something planned took place, or that it did not, or take that back; twice is once."""
    hold(talk.owner)
    Interaction.objects.filter(pk=talk.pk).update(state=state, version=F("version") + 1)
    talk.state = state
    _count(talk, _people_of(talk), today=today)


@transaction.atomic
def delete(*, talk: Interaction, at: datetime) -> None:
    """Put a conversation into the bin for 30 days, with what was promised in it and is still open; it no longer counts."""
    hold(talk.owner)
    talk.put_in_bin(at=at)
    talk.follow_ups.filter(deleted_at=None, state="open").update(deleted_at=at)
    touch(_people_of(talk))


@transaction.atomic
def forget_today(*, contact: Contact, day: date, at: datetime) -> None:
    """Take back the last "in touch today" with somebody; a conversation with a word in it stays."""
    plain = {"kind": Interaction.Kind.TALKED, "state": Interaction.State.HELD, "happened_on": day}
    rows = Interaction.objects.owned_by(contact.owner).filter(people=contact, **plain)
    talk = rows.filter(notes="", gave="", received="", next_step="").order_by("-pk").first()
    if talk is not None:
        delete(talk=talk, at=at)


@transaction.atomic
def restore(*, talk: Interaction) -> None:
    """Bring a conversation back, with the promises that went with it; it counts again."""
    hold(talk.owner)
    talk.follow_ups.filter(deleted_at=talk.deleted_at).update(deleted_at=None)
    talk.take_from_bin()
    touch(_people_of(talk))


def deal_with(contacts: Iterable[int], *, today: date) -> None:
    """Note that the turn of those who are due by the end of this week was dealt with today (contacts.due)."""
    Contact.objects.filter(pk__in=list(contacts), due_on__lte=sunday_of(today)).update(dealt_with_on=today)


def _people_of(talk: Interaction) -> set[int]:
    return set(talk.people.values_list("pk", flat=True))


def _count(talk: Interaction, keys: set[int], *, today: date) -> None:
    if talk.state == Interaction.State.HELD:
        deal_with(keys, today=today)
    touch(keys)
