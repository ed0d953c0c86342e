"""What the page of one entry shows, to its owner or to a reader. Data a viewer may not see never enters it."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models import User
from core.templatetags.waymark import avatar, markdown
from core.timekeeping import say_day
from journal.forms import CommentForm, readers_of
from journal.mentions import without_names
from journal.models import Entry, EntryComment
from journal.questions.choosing import last_question
from journal.reading import NEWEST, comments_on, links_of, newest_comments
from journal.rows import star_button
from journal.scales import ENERGY_ICONS, MOOD_ICONS
from journal.tagging import filter_path
from sharing.models import Mentorship
from sharing.services import threads_open_to

# Comments a page shows at most; journal.reading has how many at first.
WHOLE = 1000
SEES = "Gets an email, reads the whole entry and can comment"


def require_owner(entry: Entry, user: User) -> None:
    """Raise PermissionDenied for a reader who tries what only the owner may."""
    if not Entry.objects.editable_by(user).filter(pk=entry.pk).exists():
        raise PermissionDenied("Only its owner changes an entry.")


def entry_context(
    entry: Entry, viewer: User, *, today: date, is_preview: bool = False, is_whole: bool = False
) -> dict[str, Any]:
    """Return the page of an entry as `viewer` sees it; a preview has no forms."""
    is_owner = entry.owner_id == viewer.pk
    intention = getattr(entry, "intention", None)
    links: list[Any] = links_of(entry, viewer)
    visible = [link for link in links if link.is_visible]
    # A goal the reader may not see is not spelled out to them.
    hidden = [] if is_owner else [name for link in links if not link.is_visible for name in link.names]
    sections = [(question, without_names(text, hidden)) for question, text in entry.answers.items() if text]
    context: dict[str, Any] = {
        "entry": entry,
        "viewer": viewer,
        "is_owner": is_owner,
        "is_preview": is_preview,
        "today": today,
        "heading": without_names(entry.heading, hidden),
        "sections": sections,
        "text": without_names(entry.text, hidden),
        "names": {name.lower(): link.goal.get_absolute_url() for link in visible for name in link.names},
        "goals": [link.goal for link in visible],
        "intention": intention,
        "meant": without_names(intention.text, hidden) if intention else "",
        "last_question": last_question(entry.period.key) if entry.period else "",
        "mood_icon": MOOD_ICONS[entry.mood - 1] if entry.mood else "",
        "energy_icon": ENERGY_ICONS[entry.energy - 1] if entry.energy else "",
        **conversation(entry, viewer, today=today, is_preview=is_preview, is_whole=is_whole),
    }
    if not is_owner and not is_preview:
        context["navid"] = "mentees"
    if is_owner:
        context["star"] = star_button(entry, "entry")
        context["tags"] = [(tag, filter_path(viewer, tag)) for tag in entry.tags]
        context["readers"] = context["reading_now"]
        context["folded"] = _folded(entry)
        context["visible_to"] = ", ".join(mentorship.mentor_name for mentorship in context["readers"])
    return context


def _folded(entry: Entry) -> str:
    """Return what was folded away of answers by mail in this entry."""
    if entry.mailed_at is None:
        return ""
    return "\n\n".join(row.folded for row in entry.mailed_answers.all() if row.folded)


def share_panel(entry: Entry) -> list[dict[str, Any]]:
    """Return everybody the owner could show it to, as the share panel wants them."""
    now_reading = set(entry.readers().values_list("pk", flat=True))
    return [
        {
            "mentorship": mentorship,
            "name": mentorship.mentor_name,
            "role": "Your mentor" if mentorship.is_mentor else "Your colleague",
            "checked": mentorship.pk in now_reading,
            "view_url": f"{entry.get_absolute_url()}?as={mentorship.pk}",
            "sees": SEES,
        }
        for mentorship in readers_of(entry.owner)
    ]


def conversation(
    entry: Entry,
    viewer: User,
    *,
    today: date,
    is_preview: bool = False,
    is_whole: bool = False,
    written: tuple[str, CommentForm] | None = None,
) -> dict[str, Any]:
    """Return the threads of an entry that `viewer` sees, each with a form where they may write.

    The newest comments only, unless `is_whole`. `written` is a form that was sent with mistakes, with the thread it
    belongs to ("all" or a mentorship's id).
    """
    limit = WHOLE if is_whole else NEWEST
    comments = list(comments_on(entry, viewer)[: limit + 1]) if is_whole else newest_comments(entry, viewer)
    rows: dict[int, list[dict[str, Any]]] = {}
    for comment in reversed(comments[:limit]):
        row = _comment(comment, entry, viewer, today, is_preview=is_preview)
        rows.setdefault(comment.mentorship_id, []).append(row)
    open_threads = {mentorship.pk: mentorship for mentorship in threads_open_to(item=entry, user=viewer)}
    closed_threads = {comment.mentorship_id: comment.mentorship for comment in comments}
    writable = [] if is_preview else list(open_threads)
    key, sent = written or ("", None)

    def form_for(thread: str) -> CommentForm:
        return sent if sent is not None and key == thread else CommentForm(auto_id=f"id_{thread}_%s")

    return {
        "threads": [
            {
                "name": _name_of_thread(mentorship, entry, viewer),
                "comments": rows.get(pk, []),
                "form": form_for(str(pk)) if pk in writable else None,
                "action": f"/journal/{entry.pk}/comments/?thread={pk}",
            }
            for pk, mentorship in (open_threads | closed_threads).items()
        ],
        "form_to_all": form_for("all") if len(writable) > 1 else None,
        # By name: whoever begins to read after the page was opened is not written to.
        "action_to_all": f"/journal/{entry.pk}/comments/?" + "&".join(f"thread={pk}" for pk in writable),
        "has_earlier": len(comments) > limit,
        "reading_now": list(open_threads.values()),
    }


def _name_of_thread(mentorship: Mentorship, entry: Entry, viewer: User) -> str:
    """Return the other person of a thread as the viewer would call them."""
    if entry.owner_id == viewer.pk:
        return mentorship.mentor_name
    return str(entry.owner) if mentorship.mentor_id == viewer.pk else mentorship.mentor_name


def _comment(comment: EntryComment, entry: Entry, viewer: User, today: date, *, is_preview: bool) -> dict[str, Any]:
    """Present a comment in finished strings; `removed` says who took the words away."""
    is_there = comment.removed_at is None
    is_mine = comment.author_id == viewer.pk and is_there
    local = timezone.localtime(comment.created_at)
    when = f"{say_day(local.date(), today)}, {local:%H:%M}"
    return {
        "pk": str(comment.pk),
        "avatar": avatar(comment.author),
        "who": "You" if comment.author_id == viewer.pk else str(comment.author or "Former member"),
        "role": _role(comment, entry, viewer),
        "when": f"{when}{comment.marks}",
        "removed": "" if is_there else f"Removed by {comment.removed_by or 'a former member'}.",
        "body": markdown(comment.text) if is_there else "",
        "is_mine": is_mine and not is_preview,
        "is_reportable": not is_preview and is_there and comment.author_id not in {None, viewer.pk},
        "is_removable": not is_preview and is_there and (is_mine or entry.owner_id == viewer.pk),
    }


def _role(comment: EntryComment, entry: Entry, viewer: User) -> str:
    """Return what the author is to the owner, for those who are not the author."""
    if comment.author_id in {None, entry.owner_id, viewer.pk}:
        return ""
    role = "mentor" if comment.mentorship.is_mentor else "colleague"
    return f"Your {role}" if entry.owner_id == viewer.pk else role.capitalize()


def comment_row(comment: EntryComment, viewer: User, *, today: date) -> dict[str, Any]:
    """Return one comment as the page shows it."""
    return _comment(comment, comment.item, viewer, today, is_preview=False)
