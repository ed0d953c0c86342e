"""What the two people of a request do about it. What may follow what stands in mentors.models.request.STEPS."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Count, Q

from accounts.models import User
from goals.models import Goal
from mail.services import queue
from mentors.models import AFTER_A_NO, Profile, Request, RequestMessage, RequestRefused
from sharing.models import Mentorship
from sharing.services import block, open_mentorship, share

OPEN_AT_ONCE = 3
# Against writing to one person, or to everybody, again and again by asking and taking back.
ASKED_A_DAY = 5
SAME_MENTOR_IN_A_SEASON = 3
A_SEASON = timedelta(days=90)
# What a mentor gets by mail in a day; the mail of a later request waits a day, the page shows it at once.
MAILS_A_DAY = 10
A_DAY = timedelta(days=1)
DRAFT_DAYS = 60
SWEPT_AT_ONCE = 200


class NoMore(NamedTuple):
    """ "Take no more for now": nobody new up to and including a day, or (None) off the list."""

    until: date | None


class Asking(NamedTuple):
    """What stands between an asker and a mentor: the request that waits, the one that was typed and not sent, and why
    none can be sent now ("" if one can)."""

    waits: Request | None
    draft: Request | None
    why_not: str


def asking(*, profile: Profile, asker: User, now: datetime) -> Asking:
    """Return how it stands between somebody who would like to ask and a mentor; two queries."""
    rows = list(Request.objects.owned_by(asker).weighing(profile.owner, now - AFTER_A_NO))
    between = {row.state: row for row in rows if row.mentor_id == profile.owner_id}
    why_not = _why_not(profile, asker, between, sum(row.is_open for row in rows), now)
    return Asking(between.get("sent") or between.get("question"), between.get("draft"), why_not)


def _why_not(profile: Profile, asker: User, between: Mapping[str, Request], number_open: int, now: datetime) -> str:
    """Say why a request to this mentor cannot be sent now, and what to do instead; "" if it can. `between` holds those
    of these two by their states, `number_open` counts all that the asker waits for.
    """
    mentor, declined = profile.owner, between.get("declined")
    is_mine, is_place = Count("pk", filter=Q(mentee=asker)), Count("pk", filter=Q(kind=Mentorship.Kind.MENTOR))
    relations = Mentorship.objects.active().of_mentor(mentor).aggregate(own=is_mine, taken=is_place)
    if relations["own"]:
        return f"{mentor.given_name} reads with you already. You find them on your mentors page."
    if "sent" in between or "question" in between:
        return f"You have asked {mentor.given_name} already. The answer comes to your mentors page."
    if declined is not None and declined.closed_at:
        again = asker.today(declined.closed_at + AFTER_A_NO) + A_DAY
        return f"{mentor.given_name} answered no not long ago. You can ask again from {again.day} {again:%B %Y}."
    if (until := profile.paused_until) and profile.is_paused(mentor.today(now)):
        return f"{mentor.given_name} takes nobody new until {until.day} {until:%B %Y}. Ask after that."
    if relations["taken"] >= profile.capacity:
        return f"{mentor.given_name} has no free place now. Somebody else may have."
    if number_open >= OPEN_AT_ONCE:
        return "Three requests of yours are open. Take one back, or wait for an answer, to send this."
    return ""


@transaction.atomic
def keep_draft(
    *, mentor: User, by: User, fields: Mapping[str, Any], goals: Iterable[Goal] | None, now: datetime
) -> Request | None:
    """Keep a request as it was typed, and return it; what was kept of it before is replaced.

    Returns None, and writes nothing, where a request to this person was sent meanwhile: an autosave that was on its way
    does not bring a draft back.
    """
    row = Request.objects.select_for_update().between(by, mentor).filter(state__in=["draft", "sent", "question"])
    draft = row.first()
    if draft is not None and not draft.is_draft:
        return None
    if draft is None:
        try:
            with transaction.atomic():
                draft = Request.objects.create(asker=by, mentor=mentor, created_at=now, changed_at=now)
        except IntegrityError:  # two tabs kept their first words at the same moment: the other one is newer
            return None
    for name, value in fields.items():
        setattr(draft, name, value)
    draft.changed_at = now
    draft.save(update_fields=["changed_at", *fields])
    if goals is not None:
        draft.goals.set(Goal.objects.owned_by(by).filter(pk__in=[goal.pk for goal in goals]))
    return draft


def discard_draft(*, request: Request, by: User) -> None:
    """Forget what was typed. Raises RequestRefused once it was sent."""
    count, _ = Request.objects.owned_by(by).filter(pk=request.pk, state="draft").delete()
    if not count:
        raise RequestRefused("This request was sent, so it is no draft any more. You can take it back.")


@transaction.atomic
def send_request(*, request: Request, by: User, now: datetime) -> Request:
    """Send a draft to the mentor. Raises ValidationError where it may not be asked now, RequestRefused if it is no draft."""
    # One at a time for each asker, so that two clicks cannot pass "three at once" together.
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    row = _lock(request)
    if row.asker_id != by.pk:
        raise PermissionDenied("Only the asker sends.")
    if not row.is_draft:
        row.step("send", at=now)  # says why not
    profile = Profile.objects.open_to(by).select_related("owner").filter(owner=row.mentor_id).first()
    if profile is None:
        raise ValidationError("This person is not in the list of mentors any more.")
    if why_not := asking(profile=profile, asker=by, now=now).why_not:
        raise ValidationError(why_not)
    _check_limits(by, row, now)
    row.step("send", at=now)
    queue(
        "mentor_request",
        user=profile.owner,
        ids={"request": row.pk},
        dedupe=f"mentor_request:{row.pk}",
        not_before=_turn(profile.owner, now),
    )
    return row


@transaction.atomic
def withdraw_request(*, request: Request, by: User, now: datetime) -> None:
    """Take a request back. A mail about it that was not sent yet is not sent."""
    row = _lock(request)
    if row.asker_id != by.pk:
        raise PermissionDenied("Only the asker takes it back.")
    row.step("withdraw", at=now)


@transaction.atomic
def ask_question(*, request: Request, by: User, words: str, now: datetime) -> RequestMessage:
    """Ask the asker something before answering; the mentor's time stands still until they answer."""
    row = _lock_addressed(request, by)
    row.step("ask", at=now)
    return _say(row, by, words, now, kind="mentor_request_question")


@transaction.atomic
def answer_question(*, request: Request, by: User, words: str, now: datetime) -> RequestMessage:
    """Answer the mentor's question; their time runs on."""
    row = _lock(request)
    if row.asker_id != by.pk:
        raise PermissionDenied("Only the asker answers.")
    row.step("answer", at=now)
    return _say(row, by, words, now, kind="mentor_request_answer")


@transaction.atomic
def accept_request(*, request: Request, by: User, no_more: NoMore | None, now: datetime) -> Mentorship:
    """Open the relation, share the goals that were ticked, and tell the asker.

    Accepting twice gives the same relation. Raises RequestRefused where the request is closed or the profile has no
    place left, ValidationError where the two already work together or block each other.
    """
    row = _lock_addressed(request, by)
    if row.mentorship is not None and row.mentorship.is_active:
        return row.mentorship
    # Whoever accepts two requests at the same moment waits here for the first, then counts again.
    profile = Profile.objects.select_for_update().filter(owner=by).first()
    if profile is not None and row.may("accept") and profile.places_taken() >= profile.capacity:
        places = "1 place" if profile.capacity == 1 else f"{profile.capacity} places"
        raise RequestRefused(f"Your profile has {places}, and all are taken. Give it more places to accept this.")
    if not row.may("accept"):
        row.step("accept", at=now)  # says why not
    mentorship = open_mentorship(mentor=by, mentee=row.asker, kind=Mentorship.Kind.MENTOR, at=now)
    # What became a draft or went into the bin meanwhile is not shown.
    for goal in Goal.objects.owned_by(row.asker).for_readers().filter(mentor_requests=row):
        share(item=goal, mentorships=[mentorship], by=row.asker)
    row.step("accept", at=now, mentorship=mentorship)
    _take_no_more(profile, no_more, now)
    ids = {"mentorship": mentorship.pk}
    queue("mentor_accepted", user=row.asker, ids=ids, dedupe=f"mentor_accepted:{mentorship.pk}")
    return mentorship


@transaction.atomic
def decline_request(*, request: Request, by: User, note: str, no_more: NoMore | None, now: datetime) -> None:
    """Say no, with a kind word if one was written, and tell the asker."""
    row = _lock_addressed(request, by)
    row.step("decline", at=now, decline_note=note)
    _take_no_more(Profile.objects.select_for_update().filter(owner=by).first(), no_more, now)
    queue("mentor_request_declined", user=row.asker, ids={"request": row.pk}, dedupe=f"mentor_request_no:{row.pk}")


@transaction.atomic
def block_asker(*, request: Request, by: User, now: datetime) -> None:
    """Block whoever asks. The asker is not told: the request stays open for them until it runs out."""
    row = _lock_addressed(request, by)
    block(blocker=by, blocked=row.asker, at=now)
    withdraw_own_requests(asker=by, mentor=row.asker, now=now)


def withdraw_own_requests(*, asker: User, mentor: User | None, now: datetime) -> None:
    """Take back what somebody asked of a person they block, or of everybody (None) when they leave; drafts go."""
    rows = Request.objects.owned_by(asker)
    if mentor is not None:
        rows = rows.filter(mentor=mentor)
    rows.filter(state="draft").delete()
    for row in rows.open().select_for_update():
        row.step("withdraw" if row.runs_out_at is None or row.runs_out_at > now else "expire", at=now)


def close_requests_to(*, mentor: User, now: datetime) -> None:
    """Close what others asked of somebody who leaves, and tell them as if the time had run out."""
    for row in Request.objects.filter(mentor=mentor).open().select_for_update().order_by("pk"):
        _expire(row, now)


def forget_drafts_to(*, user: User, at: datetime) -> None:
    """Forget what others typed and never sent to an erased person."""
    Request.objects.filter(mentor=user, state="draft").delete()


def sweep_requests(*, now: datetime) -> int:
    """Remind mentors on day 4 and 10 of their time, and close what ran out on day 14. Returns how many rows it took.

    Safe to run twice and in two places at once: a row moves on under its lock, and each mail has a key of its own.
    """
    count = 0
    while True:
        with transaction.atomic():
            rows = Request.objects.due(now).select_related("mentor", "asker").order_by("acts_at", "pk")
            batch = list(rows.select_for_update(of=("self",), skip_locked=True)[:SWEPT_AT_ONCE])
            for row in batch:
                _act(row, now)
        count += len(batch)
        if len(batch) < SWEPT_AT_ONCE:
            return count


def erase_old_drafts(*, now: datetime) -> int:
    """Erase drafts that nobody came back to for 60 days; return how many."""
    count = Request.objects.forgotten_drafts(now - timedelta(days=DRAFT_DAYS)).delete()[1]
    return count.get("mentors.Request", 0)


def _act(row: Request, now: datetime) -> None:
    if row.runs_out_at is None or row.runs_out_at <= now:
        _expire(row, now)
        return
    number = row.reminders_due(now)
    row.acts_at = row.next_act(now)
    row.save(update_fields=["acts_at"])
    if number and row.mentor is not None:
        ids, dedupe = {"request": row.pk, "number": number}, f"mentor_request_reminder:{row.pk}:{number}"
        queue("mentor_request_reminder", user=row.mentor, ids=ids, dedupe=dedupe)


def _expire(row: Request, now: datetime) -> None:
    row.step("expire", at=now)
    queue("mentor_request_expired", user=row.asker, ids={"request": row.pk}, dedupe=f"mentor_request_expired:{row.pk}")


def _lock(request: Request) -> Request:
    # Without its people: what is joined to a row that another transaction has just changed would be as it was before.
    return Request.objects.select_for_update().get(pk=request.pk)


def _lock_addressed(request: Request, by: User) -> Request:
    row = _lock(request)
    if not Request.objects.addressed_to(by).filter(pk=row.pk).exists():
        raise PermissionDenied("Only the addressed person answers.")
    return row


def _say(row: Request, by: User, words: str, now: datetime, *, kind: str) -> RequestMessage:
    said = RequestMessage.objects.create(request=row, author=by, text=words, created_at=now)
    to = row.asker if by.pk == row.mentor_id else row.mentor
    queue(kind, user=to, ids={"request": row.pk, "message": said.pk}, dedupe=f"{kind}:{said.pk}")
    return said


def _take_no_more(profile: Profile | None, no_more: NoMore | None, now: datetime) -> None:
    if profile is None or no_more is None:
        return
    if no_more.until is None:
        profile.is_listed = False
    else:
        profile.paused_until = no_more.until
    profile.updated_at = now
    profile.save(update_fields=["is_listed", "paused_until", "updated_at"])


def _check_limits(by: User, row: Request, now: datetime) -> None:
    sent = Request.objects.owned_by(by).filter(sent_at__gt=now - A_SEASON)
    if sent.filter(mentor=row.mentor_id).count() >= SAME_MENTOR_IN_A_SEASON:
        raise ValidationError("You have asked this person three times in three months. Give it a rest.", code="limit")
    if sent.filter(sent_at__gt=now - A_DAY).count() >= ASKED_A_DAY:
        raise ValidationError("You have sent five requests in a day. You can send more tomorrow.", code="limit")


def _turn(mentor: User, now: datetime) -> datetime | None:
    """Return when the mail may go: at once, or a day later for somebody whom many ask."""
    lately = Request.objects.filter(mentor=mentor, sent_at__gt=now - A_DAY)  # this one among them
    return now + A_DAY if lately.count() > MAILS_A_DAY else None
