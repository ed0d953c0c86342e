"""The mails about wins. Each asks again, when it is sent, whether its reader may still see the win."""

from datetime import datetime
from typing import Any

from core.timekeeping import say_day_within
from mail.models import Message
from mail.registry import Content, kind
from sharing.models import Mentorship
from wins.models import Win


@kind("win_shared", words="A win shared with you", preference="mentoring")
def win_shared(message: Message, *, now: datetime) -> Content | None:
    """Tell a reader that somebody shows them something that went well; None once it was taken back."""
    user, mentorship = message.user, message.ids["mentorship"]
    if user is None or not Mentorship.objects.active().of_mentor(user).filter(pk=mentorship).exists():
        return None
    rows = Win.objects.all().shared_with_reader(user).select_related("owner").filter(pk=message.ids["win"])
    if (win := rows.first()) is None:
        return None
    context: dict[str, Any] = {"owner": win.owner, "path": win.get_absolute_url(), "hides_text": user.mails_hide_text}
    if not user.mails_hide_text:
        context |= {"words": win.text, "when": say_day_within(win.happened_on, user.today(now))}
    return Content("wins/emails/win_shared", context, f"You get this because {win.owner} shows you what went well.")
