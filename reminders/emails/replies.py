"""What becomes of answers to the mails that ask."""

from datetime import datetime

from journal.mailed import write_by_mail
from mail.models import Message
from mail.registry import Answer, ReplyRefusedError, reply
from reminders.services import month_of, week_of


@reply("weekly_prompt", about="the weekly mail")
@reply("weekly_sample", about="the weekly mail")
@reply("monthly_prompt", about="the monthly mail")
@reply("monthly_sample", about="the monthly mail")
def prompt_reply(message: Message, answer: Answer, *, at: datetime) -> None:
    """Write the answer into the reflection of the week or month that was asked about."""
    ids = message.ids
    key = month_of(ids["month"]) if "month" in ids else week_of(ids["week"])
    if message.user is None:
        raise ReplyRefusedError
    write_by_mail(owner=message.user, key=key, answer=answer, at=at)
