"""The mails about wins. Each asks again, when it is sent, whether its reader may still see the win."""

from datetime import datetime
from typing import Any

from core.markdown import plain, render_for_mail
from core.timekeeping import say_day_within
from mail.models import Message
from mail.registry import Answer, Content, ReplyRefusedError, kind, reply
from sharing.mailed import answer_in_thread
from sharing.models import Mentorship
from sharing.notices import gathered
from wins.models import Win, WinComment
from wins.services import comment_on_win

PREHEADER_LENGTH = 120


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


@kind("win_comment", words="A comment on a win", preference="comments")
def win_comment(message: Message, *, now: datetime) -> Content | None:
    """Bring what somebody wrote about a win, in full; one mail per thread, None if its reader may not read it now."""
    user = message.user
    comments = gathered(WinComment, message, bring=lambda rows: rows.select_related("item__owner")) if user else []
    author = comments[-1].author if comments else None
    if user is None or author is None:
        return None
    win = comments[-1].item
    is_owner = win.owner_id == user.pk
    role = "your mentor" if comments[-1].mentorship.is_mentor else "your colleague"
    context: dict[str, Any] = {
        "author": author,
        "role": role if is_owner else "",
        "path": f"{win.get_absolute_url()}#comment-{comments[0].pk}",
        "hides_text": user.mails_hide_text,
    }
    if not user.mails_hide_text:
        context |= {
            "words": win.text,
            "comments": [(render_for_mail(comment.text), comment.text) for comment in comments],
            "preheader": plain(comments[-1].text, PREHEADER_LENGTH),
        }
    whose = "a win of yours" if is_owner else "a win they show you"
    return Content("wins/emails/win_comment", context, f"You get an email when somebody writes to you about {whose}.")


@reply("win_comment", about="a comment on a win")
def win_comment_reply(message: Message, answer: Answer, *, at: datetime) -> None:
    """Write the answer into the same thread of the same win, as its page does."""
    user = message.user
    win = Win.objects.visible_to(user).select_related("owner").filter(pk=message.ids["item"]).first() if user else None
    if user is None or win is None:
        raise ReplyRefusedError

    def write(thread: Mentorship, text: str) -> list[WinComment]:
        return comment_on_win(win=win, mentorships=[thread], by=user, text=text, at=at)

    answer_in_thread(item=win, user=user, message=message, answer=answer, at=at, write=write)
