"""What the page of one entry shows, to its owner or to a reader. Data a viewer may not see never enters it."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied

from accounts.models import User
from journal.forms import readers_of
from journal.mentions import without_names
from journal.models import Entry, EntryComment
from journal.questions.choosing import last_question
from journal.reading import links_of
from journal.rows import star_button
from journal.scales import ENERGY_ICONS, MOOD_ICONS
from journal.tagging import filter_path
from sharing.talk import Talk

TALK = Talk(EntryComment, "/journal/", "entry-conversation", "entry-comment", "An email says that you wrote, not what.")
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
        **TALK.threads(entry, viewer, today=today, is_preview=is_preview, is_whole=is_whole),
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
