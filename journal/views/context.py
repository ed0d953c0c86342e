"""What the page of one entry shows, to its owner or to a reader. Data a viewer may not see never enters it."""

from datetime import date
from itertools import groupby
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models import User
from core.timekeeping import say_day
from journal.forms import CommentForm
from journal.models import Entry, EntryComment
from journal.questions import LAST_QUESTION
from journal.scales import ENERGY_ICONS, MOOD_ICONS
from sharing.models import Mentorship

SEES = "Gets an email, reads the whole entry and can comment"


def require_owner(entry: Entry, user: User) -> None:
    """Raise PermissionDenied for a reader who tries what only the owner may."""
    if not Entry.objects.editable_by(user).filter(pk=entry.pk).exists():
        raise PermissionDenied("Only its owner changes an entry.")


def entry_context(entry: Entry, viewer: User, *, today: date, is_preview: bool = False) -> dict[str, Any]:
    """Return the page of an entry as `viewer` sees it; a preview has no forms."""
    is_owner = entry.owner_id == viewer.pk
    intention = getattr(entry, "intention", None)
    sections = [(question, text) for question, text in entry.answers.items() if text]
    context: dict[str, Any] = {
        "entry": entry,
        "viewer": viewer,
        "is_owner": is_owner,
        "is_preview": is_preview,
        "today": today,
        "sections": sections,
        "intention": intention,
        "last_question": LAST_QUESTION,
        "mood_icon": MOOD_ICONS[entry.mood - 1] if entry.mood else "",
        "energy_icon": ENERGY_ICONS[entry.energy - 1] if entry.energy else "",
        **conversation(entry, viewer, today=today, is_preview=is_preview),
    }
    if is_owner:
        panel = _panel(entry)
        names = [reader["name"] for reader in panel if reader["checked"]]
        context |= {
            "readers": panel,
            "visible_to": ", ".join(names),
            "has_threads": len(panel) > 1,
            "share_action": f"/journal/{entry.pk}/share/",
        }
    return context


def _panel(entry: Entry) -> list[dict[str, Any]]:
    """Return everybody the owner could show it to, as the share panel wants them."""
    now_reading = set(entry.shared_with.values_list("pk", flat=True))
    return [
        {
            "mentorship": mentorship,
            "name": mentorship.mentor_name,
            "role": "Your mentor" if mentorship.is_mentor else "Your colleague",
            "checked": mentorship.pk in now_reading,
            "view_url": f"?as={mentorship.pk}",
            "sees": SEES,
        }
        for mentorship in Mentorship.objects.active().of_mentee(entry.owner).with_people().order_by("started_at", "pk")
    ]


def conversation(
    entry: Entry,
    viewer: User,
    *,
    today: date,
    is_preview: bool = False,
    written: tuple[str, CommentForm] | None = None,
) -> dict[str, Any]:
    """Return the threads of an entry that `viewer` sees, each with a form where they may write.

    `written` is a form that was sent with mistakes, with the thread it belongs to ("all" or a mentorship's id).
    """
    comments = (
        EntryComment.objects.visible_to(viewer)
        .filter(item=entry)
        .with_people()
        .select_related("author", "removed_by", "mentorship__mentor")
        .order_by("mentorship_id", "created_at", "pk")
    )
    rows = {
        pk: [_comment(comment, entry, viewer, today, is_preview=is_preview) for comment in said]
        for pk, said in groupby(comments, key=lambda comment: comment.mentorship_id)
    }
    open_threads = _open_threads(entry, viewer)
    closed = {row["comment"].mentorship_id: row["comment"].mentorship for said in rows.values() for row in said}
    threads = {mentorship.pk: mentorship for mentorship in open_threads} | {
        pk: mentorship for pk, mentorship in closed.items() if pk not in {m.pk for m in open_threads}
    }
    writable = set() if is_preview else {mentorship.pk for mentorship in open_threads}
    thread_key, form = written or ("", None)
    return {
        "threads": [
            {
                "mentorship": mentorship,
                "name": _name_of_thread(mentorship, entry, viewer),
                "comments": rows.get(pk, []),
                "form": (form if thread_key == str(pk) else CommentForm(auto_id=f"id_{pk}_%s"))
                if pk in writable
                else None,
                "action": f"/journal/{entry.pk}/comments/?thread={pk}",
            }
            for pk, mentorship in threads.items()
        ],
        "form_to_all": (form if thread_key == "all" else CommentForm(auto_id="id_all_%s"))
        if len(writable) > 1
        else None,
        "comments_action": f"/journal/{entry.pk}/comments/",
    }


def _open_threads(entry: Entry, viewer: User) -> list[Mentorship]:
    readers = entry.readers()
    return list(readers if entry.owner_id == viewer.pk else readers.of_mentor(viewer))


def _name_of_thread(mentorship: Mentorship, entry: Entry, viewer: User) -> str:
    """Return the other person of a thread as the viewer would call them."""
    if entry.owner_id == viewer.pk:
        return mentorship.mentor_name
    return str(entry.owner) if mentorship.mentor_id == viewer.pk else mentorship.mentor_name


def _comment(comment: EntryComment, entry: Entry, viewer: User, today: date, *, is_preview: bool) -> dict[str, Any]:
    is_mine = comment.author_id == viewer.pk and comment.removed_at is None
    local = timezone.localtime(comment.created_at)
    return {
        "comment": comment,
        "when": f"{say_day(local.date(), today)}, {local:%H:%M}",
        "role": _role(comment, entry),
        "is_mine": is_mine and not is_preview,
        "is_removable": not is_preview and comment.removed_at is None and (is_mine or entry.owner_id == viewer.pk),
        "edit_url": f"/journal/comments/{comment.pk}/edit/",
        "remove_url": f"/journal/comments/{comment.pk}/remove/",
    }


def _role(comment: EntryComment, entry: Entry) -> str:
    if comment.author_id == entry.owner_id or comment.author_id is None:
        return ""
    return "Mentor" if comment.mentorship.is_mentor else "Colleague"


def comment_row(comment: EntryComment, viewer: User, *, today: date) -> dict[str, Any]:
    """Return one comment as the page shows it."""
    return _comment(comment, comment.item, viewer, today, is_preview=False)
