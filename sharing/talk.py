"""The conversation about one shared thing, as one person sees it: its threads in finished strings, with their forms.

For things whose comments are words and nothing else; a goal's carry suggestions and thanks too (goals/talk.py).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from core.compiled import CompiledQuery
from core.forms import TextField
from core.templatetags.waymark import avatar, markdown
from core.timekeeping import say_day
from sharing.mailed import COMMENT_LENGTH
from sharing.models import Comment, Mentorship, Shareable
from sharing.services import threads_open_to

# Comments a page shows at first, and at most.
NEWEST, WHOLE = 50, 1000


class CommentForm(forms.Form):
    """Words in one thread."""

    text = TextField(label="Comment", max_length=COMMENT_LENGTH, error_messages={"required": "Write a line first."})


@dataclass(frozen=True)
class Talk:
    """What tells the conversations about one kind of thing from those about another.

    `base` is the address under which the pages of such things are, and `comments/` of their comments; `box` the id of
    the part of a page that htmx replaces; `about` what a report calls such a comment; `note` who hears of one.
    """

    comments: type[Comment]
    base: str
    box: str
    about: str
    note: str

    def threads(
        self,
        item: Any,
        viewer: User,
        *,
        today: date,
        is_preview: bool = False,
        is_whole: bool = False,
        written: tuple[str, CommentForm] | None = None,
    ) -> dict[str, Any]:
        """Return the threads of a thing that `viewer` sees, each with a form where they may write.

        The newest comments only, unless `is_whole`. `written` is a form that was sent with mistakes, with the thread it
        belongs to ("all" or a mentorship's id).
        """
        limit = WHOLE if is_whole else NEWEST
        found = _latest(self.comments, limit).objects(item=item.pk, viewer=viewer.pk)
        rows: dict[int, list[dict[str, Any]]] = {}
        for comment in reversed(found[:limit]):
            rows.setdefault(comment.mentorship_id, []).append(
                self._row(comment, item, viewer, today, is_preview=is_preview)
            )
        open_threads = {mentorship.pk: mentorship for mentorship in threads_open_to(item=item, user=viewer)}
        closed_threads = {comment.mentorship_id: comment.mentorship for comment in found}
        writable = [] if is_preview else list(open_threads)
        key, sent = written or ("", None)

        def form_for(thread: str) -> CommentForm:
            return sent if sent is not None and key == thread else CommentForm(auto_id=f"id_{thread}_%s")

        return {
            "talk": self,
            "thing_url": item.get_absolute_url(),
            "threads": [
                {
                    "name": _name_of(mentorship, item, viewer),
                    "comments": rows.get(pk, []),
                    "form": form_for(str(pk)) if pk in writable else None,
                    "action": f"{self.base}{item.pk}/comments/?thread={pk}",
                }
                for pk, mentorship in (open_threads | closed_threads).items()
            ],
            "form_to_all": form_for("all") if len(writable) > 1 else None,
            # By name: whoever begins to read after the page was opened is not written to.
            "action_to_all": f"{self.base}{item.pk}/comments/?" + "&".join(f"thread={pk}" for pk in writable),
            "has_earlier": len(found) > limit,
            "reading_now": list(open_threads.values()),
        }

    def row(self, comment: Any, viewer: User, *, today: date) -> dict[str, Any]:
        """Return one comment as the page shows it."""
        return self._row(comment, comment.item, viewer, today, is_preview=False)

    def _row(self, comment: Any, item: Any, viewer: User, today: date, *, is_preview: bool) -> dict[str, Any]:
        """Present a comment in finished strings; `removed` says who took the words away."""
        is_there = comment.removed_at is None
        is_mine = comment.author_id == viewer.pk and is_there
        thread = comment.mentorship
        is_of_mentor = thread.is_mentor and thread.is_active and comment.author_id == thread.mentor_id
        may_keep = is_there and is_of_mentor and item.owner_id == viewer.pk and not comment.kept_at
        is_kept = is_there and item.owner_id == viewer.pk and comment.kept_at is not None
        local = timezone.localtime(comment.created_at)
        when = f"{say_day(local.date(), today)}, {local:%H:%M}"
        return {
            "pk": str(comment.pk),
            "url": f"{self.base}comments/{comment.pk}/",
            "keep_url": self._keep_url(comment) if may_keep and not is_preview else "",
            "kept_url": comment.kept_url if is_kept and not is_preview else "",
            "report_url": f"/mentors/report/?about={self.about}&id={comment.pk}",
            "avatar": avatar(comment.author),
            "who": "You" if comment.author_id == viewer.pk else str(comment.author or "Former member"),
            "role": _role(comment, item, viewer),
            "when": f"{when}{comment.marks}",
            "removed": "" if is_there else f"Removed by {comment.removed_by or 'a former member'}.",
            "body": markdown(comment.text) if is_there else "",
            "is_mine": is_mine and not is_preview,
            "is_reportable": not is_preview and is_there and comment.author_id not in {None, viewer.pk},
            "is_removable": not is_preview and is_there and (is_mine or item.owner_id == viewer.pk),
        }

    def _keep_url(self, comment: Any) -> str:
        """Where a mentor's words are kept as advice (the page is of a higher app, as that of a report)."""
        return f"/mentorships/{comment.mentorship_id}/advice/comments/{comment.pk}/?about={self.about}"


def chosen_threads(item: Shareable, user: User, asked: Collection[str]) -> list[Mentorship]:
    """Return the threads open to `user` whose keys are in `asked`, or all of them for "all" or none named.

    Raises PermissionDenied where that leaves none.
    """
    wanted = set(asked) or {"all"}
    chosen = [each for each in threads_open_to(item=item, user=user) if wanted & {"all", str(each.pk)}]
    if not chosen:
        raise PermissionDenied("This conversation is closed.")
    return chosen


def _comments(model: type[Comment], item: int, viewer: int) -> QuerySet[Any]:
    rows: Any = model._default_manager
    seen = rows.visible_to(User(pk=viewer)).filter(item=item).with_people().select_related("mentorship__mentor")
    return seen.order_by("-created_at", "-pk")


@cache
def _latest(model: type[Comment], limit: int) -> CompiledQuery:
    """Ask for the newest comments; one more than is shown, to tell that there are more."""
    return CompiledQuery(lambda item, viewer: _comments(model, item, viewer)[: limit + 1], item=int, viewer=int)


def _name_of(mentorship: Mentorship, item: Shareable, viewer: User) -> str:
    """Return the other person of a thread as the viewer would call them."""
    if item.owner_id == viewer.pk:
        return mentorship.mentor_name
    return str(item.owner) if mentorship.mentor_id == viewer.pk else mentorship.mentor_name


def _role(comment: Comment, item: Shareable, viewer: User) -> str:
    """Return what the author is to the owner, for those who are not the author."""
    if comment.author_id in {None, item.owner_id, viewer.pk}:
        return ""
    role = "mentor" if comment.mentorship.is_mentor else "colleague"
    word = f"Your {role}" if item.owner_id == viewer.pk else role.capitalize()
    return word if comment.mentorship.is_active else f"{word} until lately"
