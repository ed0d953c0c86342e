"""The mails about requests to a mentor of the directory. Each asks again, when it is sent, whether it is still true."""

from datetime import datetime
from typing import Any

from core.timekeeping import say_day, say_day_within
from goals.models import Goal
from mail.models import Message
from mail.registry import Content, kind
from mentors.alternatives import alternatives
from mentors.emails.texts import hides_text
from mentors.models import AFTER_A_NO, REMIND_AFTER, Request, RequestMessage

WHY_ASKED = "You get this because your mentor profile is in the list of mentors here."
WHY_ASKING = "You get this because you asked somebody here to be your mentor."


@kind("mentor_request", words="Somebody asks you to be their mentor", preference="mentoring")
def mentor_request(message: Message, *, now: datetime) -> Content | None:
    """Bring a request to its mentor: who asks, in which words, and which goals by title."""
    return _to_mentor(message, now, "mentors/emails/request")


@kind("mentor_request_reminder", words="A request still waits for you", preference="mentoring")
def mentor_request_reminder(message: Message, *, now: datetime) -> Content | None:
    """Remind a mentor that somebody waits, since when and until when, and that this is the last time where it is; a
    question that was asked meanwhile makes it needless.
    """
    content = _to_mentor(message, now, "mentors/emails/request_reminder")
    if content:
        sent_at = content.context["row"].sent_at
        since = say_day_within(message.user.today(sent_at), message.user.today(now)) if message.user else ""
        content.context.update(is_last=message.ids["number"] == len(REMIND_AFTER), since=since)
    return content


@kind("mentor_request_answer", words="An answer to your question", preference="mentoring")
def mentor_request_answer(message: Message, *, now: datetime) -> Content | None:
    """Bring the asker's answer to the mentor's question."""
    said = RequestMessage.objects.filter(pk=message.ids["message"]).first()
    content = _to_mentor(message, now, "mentors/emails/request_answer")
    if content and said:
        content.context["said"] = "" if hides_text(message) else said.text
    return content if said else None


@kind("mentor_request_question", words="A question about your request", preference="mentoring")
def mentor_request_question(message: Message, *, now: datetime) -> Content | None:
    """Bring the mentor's question to the asker, as long as it waits for them."""
    row = _mine(message).filter(state="question").first()
    said = RequestMessage.objects.filter(pk=message.ids["message"]).first()
    if row is None or said is None or row.mentor is None:
        return None
    context = {"mentor": row.mentor, "path": row.get_absolute_url(), "said": "" if hides_text(message) else said.text}
    return Content(template="mentors/emails/request_question", context=context, why=WHY_ASKING)


@kind("mentor_request_declined", words="Your request was declined", preference="mentoring")
def mentor_request_declined(message: Message, *, now: datetime) -> Content | None:
    """Tell the asker of a no, with the kind word if there is one, and whom else they could ask."""
    row = _mine(message).filter(state="declined", mentor__isnull=False).first()
    if row is None or row.closed_at is None:
        return None
    context = _closed(row, now) | {
        "note": "" if hides_text(message) else row.decline_note,
        "has_note": bool(row.decline_note),
        "again": say_day_within(row.asker.today(row.closed_at + AFTER_A_NO), row.asker.today(now)),
    }
    return Content(template="mentors/emails/request_declined", context=context, why=WHY_ASKING)


@kind("mentor_request_expired", words="Your request ran out", preference="mentoring")
def mentor_request_expired(message: Message, *, now: datetime) -> Content | None:
    """Tell the asker that no answer came, and whom else they could ask."""
    row = _mine(message).filter(state="expired", mentor__isnull=False).first()
    if row is None:
        return None
    return Content(template="mentors/emails/request_expired", context=_closed(row, now), why=WHY_ASKING)


def _to_mentor(message: Message, now: datetime, template: str) -> Content | None:
    """Say a request that waits for its mentor at this moment; None for one that does not, or that a block hides."""
    if message.user is None:
        return None
    rows = Request.objects.asking(message.user).filter(runs_out_at__gt=now).select_related("asker")
    row = rows.filter(pk=message.ids["request"]).first()
    if row is None or row.runs_out_at is None:
        return None
    context: dict[str, Any] = {
        "row": row,
        "asker": row.asker,
        "hides_text": hides_text(message),
        "until": say_day(message.user.today(row.runs_out_at), message.user.today(now)),
        "until_within": say_day_within(message.user.today(row.runs_out_at), message.user.today(now)),
        "path": row.get_absolute_url(),
    }
    if not hides_text(message):
        goals = Goal.objects.owned_by(row.asker).for_readers().filter(mentor_requests=row).order_by("pk")
        context["goals"] = list(goals.values_list("title", flat=True))
    return Content(template=template, context=context, why=WHY_ASKED)


def _mine(message: Message) -> Any:
    rows = Request.objects.filter(asker=message.user, pk=message.ids["request"])
    return rows.select_related("asker", "mentor__mentor_profile")


def _closed(row: Request, now: datetime) -> dict[str, Any]:
    others = alternatives(asker=row.asker, instead_of=row.mentor, now=now)
    return {"mentor": row.mentor, "mentor_name": row.mentor_name, "others": others, "path": row.get_absolute_url()}
