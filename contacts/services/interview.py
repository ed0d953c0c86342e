"""What people do about informational interviews. What may follow what stands in contacts.models.interview."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from contacts.models import Contact, FollowUp, Interaction, Interview, InterviewMail, StepRefused
from contacts.models.interview import NEWS_AFTER
from contacts.services.conversations import delete, hold, log
from core.text import clean_line
from core.versioned import StaleEdit
from mail.services import queue
from mail.strangers import (
    A_DAY,
    BETWEEN_TWO_MAILS,
    MAILS_PER_SENDER_AND_ADDRESS,
    MAILS_PER_SENDER_AND_DAY,
    SAME_ADDRESS_WITHIN,
    turn_for,
)

THANK, TELL = "Say thanks for the conversation", "Tell them what came of it"


@dataclass(frozen=True, slots=True)
class Plan:
    """When and where two people talk."""

    starts_at: datetime
    minutes: int
    place: str


@transaction.atomic
def begin_interview(*, contact: Contact, by: User, why: str, asking: str, now: datetime) -> Interview:
    """Note the wish to talk to somebody. While one with them is open, that one is returned: nobody is asked twice."""
    Contact.objects.select_for_update().get(pk=contact.pk)
    if found := Interview.objects.owned_by(by).open().filter(contact=contact).first():
        return found
    return Interview.objects.create(owner=by, contact=contact, why=why, asking=asking, created_at=now)


@transaction.atomic
def take_step(*, interview: Interview, verb: str, now: datetime) -> Interview:
    """Take a step that needs no more words: ask, ask_again, decline, give_up, reopen, thank, tell, close.

    Raises StepRefused with a sentence. Saying thanks and telling what came of it tick off the follow-ups that were due
    for it; closing it without lets go of them. Ticked where they stand, they move the interview (services.follow_ups).
    """
    row = _locked(interview)
    today = row.owner.today(now)
    row.step(verb)
    if verb == "ask":
        row.asked_on = today
    elif verb == "ask_again":
        row.asked_again_on = today
    elif verb == "reopen":
        row.asked_on = row.asked_on or today
    row.closed_at = None if row.is_open else now
    for promise in _promises_of(row, verb):
        promise.close(state=FollowUp.State.DROPPED if verb == "close" else FollowUp.State.DONE, at=now)
    row.go_on(at=now)
    row.save(update_fields=["state", "asked_on", "asked_again_on", "closed_at"])
    return row


def _promises_of(row: Interview, verb: str) -> list[FollowUp]:
    """Return what a step closes."""
    closes = {"thank": [row.thanks], "tell": [row.news], "close": [row.thanks, row.news]}.get(verb, [])
    return [promise for promise in closes if promise is not None]


@transaction.atomic
def take_back(*, interview: Interview, seen: str, now: datetime) -> Interview:
    """Take back the last step, of whoever pressed the wrong button: what it closed is open again, what it noted goes.

    `seen` is the state that was on their page: a second press takes nothing more back. Raises StepRefused.
    """
    row = _locked(interview)
    if row.state != seen or not row.before:
        raise StepRefused("This has gone on meanwhile. Here is how it stands now.")
    left = row.state
    for promise in (row.thanks, row.news):
        is_of_this_step = left == row.State.CLOSED and promise is not None and promise.closed_at == row.closed_at
        if promise is not None and (is_of_this_step or (left == row.State.THANKED and promise == row.thanks)):
            promise.reopen()
    row.state = row.before
    if left == row.State.HELD and row.talk is not None:  # the conversation takes along what was promised in it
        delete(talk=row.talk, at=now)
    if left == row.State.HELD:
        row.held_on = row.talk = row.thanks = row.news = None
    elif left == row.State.ASKED:
        setattr(row, "asked_again_on" if row.asked_again_on else "asked_on", None)
    row.closed_at = None if row.is_open else row.closed_at
    row.save(update_fields=["state", "asked_on", "asked_again_on", "held_on", "closed_at", "talk", "thanks", "news"])
    return row


@transaction.atomic
def agree_on_time(*, interview: Interview, plan: Plan) -> Interview:
    """Write down when and where, or that it moved: calendars that were told learn of it with the next invitation."""
    row = _locked(interview)
    row.step("agree")
    if (row.starts_at, row.minutes, row.place) != (plan.starts_at, plan.minutes, plan.place):
        row.sequence += 1
    row.starts_at, row.minutes, row.place, row.closed_at = plan.starts_at, plan.minutes, plan.place, None
    row.save(update_fields=["state", "starts_at", "minutes", "place", "sequence", "closed_at"])
    return row


@transaction.atomic
def call_off(*, interview: Interview, by: User, tells: bool, now: datetime) -> Interview:
    """Note that it will not be then. With `tells` whoever was invited by mail is told; it waits for another time.

    Raises StepRefused with a sentence, ValidationError where a limit of mails is reached.
    """
    row = _locked(interview)
    row.step("cancel")
    row.sequence += 1
    row.asked_on = row.asked_on or by.today(now)
    row.save(update_fields=["state", "sequence", "asked_on"])
    for told in invitations_of(row, now) if tells else []:
        _send(row, by=by, to=told.to, starts_at=told.starts_at, method=InterviewMail.Method.CANCEL, words="", now=now)
    return row


@transaction.atomic
def hold_interview(
    *,
    interview: Interview,
    by: User,
    day: date,
    received: str,
    gave: str,
    notes: str,
    now: datetime,
    version: int | None = None,
) -> Interview:
    """Note that the two talked: a conversation on that day, thanks due the day after, and news after three months.

    Raises StepRefused where no time was agreed, or the day has not come; StaleEdit where other notes were saved since
    the `version` from which these were written.
    """
    row = _locked(interview)
    if row.version != version and row.notes not in ("", notes):
        raise StaleEdit(row)
    row.step("hold")
    if day > by.today(now):
        raise StepRefused("This day has not come yet. Note it afterwards, or change the time.")
    talk = Interaction(happened_on=day, notes="Informational interview", gave=gave, received=received)
    row.talk = log(talk=talk, people=[row.contact], by=by, at=now)
    row.thanks, row.news = (
        FollowUp.objects.create(
            owner=by, contact_id=row.contact_id, interaction=row.talk, text=text, due_on=day + after, created_at=now
        )
        for text, after in ((THANK, timedelta(days=1)), (TELL, NEWS_AFTER))
    )
    row.held_on, row.notes, row.version = day, notes, row.version + 1
    row.save(update_fields=["state", "held_on", "notes", "version", "talk", "thanks", "news"])
    return row


def invitations_of(interview: Interview, now: datetime) -> list[InterviewMail]:
    """Return what still stands in calendars: the newest mail to each address, where it invites to a time ahead."""
    newest = list(interview.mails.order_by("to", "-sent_at", "-pk").distinct("to"))
    for mail in newest:
        mail.starts_at = mail.starts_at or interview.starts_at
    return [mail for mail in newest if mail.method == mail.Method.REQUEST and mail.starts_at and mail.starts_at > now]


@transaction.atomic
def invite_by_mail(*, interview: Interview, by: User, to: str, words: str, now: datetime) -> InterviewMail:
    """Send the event to one of the contact's addresses, with the owner's own words and nothing else of theirs.

    Raises StepRefused where no time ahead is agreed, ValidationError (with its field) where a limit is reached. Never
    tells whether the owner of the address wants no mail: then none is sent.
    """
    row = _locked(interview)
    if row.state != Interview.State.AGREED or row.starts_at is None:
        raise StepRefused("Agree on a time first, then it can be sent.")
    if row.starts_at <= now:
        raise StepRefused("This time has passed, so there is nothing to put into a calendar.")
    method = InterviewMail.Method.REQUEST
    return _send(row, by=by, to=to, starts_at=row.starts_at, method=method, words=words, now=now)


def addresses_of(contact: Contact) -> list[str]:
    """Return the addresses of a contact that a mail can go to, as they are compared, in their order."""
    noted = contact.ways.filter(kind="email").exclude(compared="").values_list("compared", flat=True)
    return [address for address in dict.fromkeys(noted) if _takes_mail(address)]


def set_questions(*, interview: Interview, questions: Iterable[str], expected: int) -> None:
    """Store the questions in their order, without empty ones and none twice; raises StaleEdit (core.versioned)."""
    interview.questions = list(dict.fromkeys(filter(None, map(clean_line, questions))))
    interview.save_version(expected=expected, update_fields=["questions"])


def _takes_mail(address: str) -> bool:
    """Tell an address from what was noted as one: longer than mail allows, or of a form no server takes."""
    try:
        InterviewMail._meta.get_field("to").run_validators(address)
    except ValidationError:
        return False
    return True


def _send(
    row: Interview, *, by: User, to: str, starts_at: datetime | None, method: str, words: str, now: datetime
) -> InterviewMail:
    # One at a time for each sender, so that two quick clicks cannot pass a limit together.
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    _check_limits(by, to, now, is_telling=method == InterviewMail.Method.CANCEL)
    turn = turn_for(to, now)
    mail = InterviewMail.objects.create(
        owner=by,
        interview=row,
        to=to,
        method=method,
        words=words,
        starts_at=starts_at,
        sequence=row.sequence,
        sent_at=now,
    )
    kind = "interview_cancelled" if method == InterviewMail.Method.CANCEL else "interview_invitation"
    queue(kind, to=to, ids={"mail": mail.pk}, dedupe=f"{kind}:{mail.pk}", not_before=turn, expires_at=starts_at)
    return mail


def _check_limits(by: User, to: str, now: datetime, *, is_telling: bool) -> None:
    mine = InterviewMail.objects.filter(owner=by)
    if mine.filter(sent_at__gt=now - A_DAY).count() >= MAILS_PER_SENDER_AND_DAY:
        raise ValidationError("You have sent ten of these in a day. You can send more tomorrow.", code="limit")
    if is_telling:  # whoever was invited may always hear that it is off
        return
    same = mine.filter(to=to)
    if same.filter(sent_at__gt=now - BETWEEN_TWO_MAILS).exists():
        raise ValidationError("You have just sent this. Give the mail three minutes to arrive.", code="limit")
    if same.filter(sent_at__gt=now - SAME_ADDRESS_WITHIN).count() >= MAILS_PER_SENDER_AND_ADDRESS:
        message = "You have written to this address four times this month. A word in person may do more."
        raise ValidationError(message, code="limit")


def _locked(interview: Interview) -> Interview:
    hold(User(pk=interview.owner_id))  # before the row itself, in the order of whatever else changes both
    Interview.objects.select_for_update().get(pk=interview.pk)
    return Interview.objects.select_related("owner", "contact", "thanks", "news", "talk__owner").get(pk=interview.pk)
