"""Writing a note: one page, saved while it is being written."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.http import AuthenticatedHttpRequest
from core.htmx import is_fragment
from core.timekeeping import say_day
from core.versioned import StaleEdit
from journal import services
from journal.forms import TITLE_LENGTH, NoteForm, drawn
from journal.models import Entry
from journal.notes import save_note
from journal.offered import offered_to
from journal.preview import previews_of
from journal.questions.wishes import words_of
from journal.scales import ENERGY_ICONS, MOOD_ICONS
from journal.views.asking import own_entry, posted


@dataclass
class NotePage:
    """The page of one note: what is stored of it, and the form as it is shown or was sent."""

    note: Entry | None
    form: NoteForm
    today: date


@require_http_methods(["GET", "HEAD", "POST"])
def entry_new(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Write a note; what the same page saved before, while it was being written, is that note."""
    before = request.POST.get("note", "")
    note = None
    if before.isascii() and before.isdigit() and len(before) <= 18:
        note = Entry.objects.owned_by(request.user).notes().filter(pk=int(before)).first()
    return _answer(request, _open(request, note))


@require_http_methods(["GET", "HEAD", "POST"])
def entry_edit(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Change a note, or go on with a draft; a reflection is changed on the page of its week.

    What is sent from the page of a note that was thrown away meanwhile becomes a note of its own.
    """
    try:
        entry = own_entry(request, pk)
    except Http404:
        if request.method == "POST" and Entry.objects.in_bin_of(request.user).filter(pk=pk, period=None).exists():
            return _answer(request, _open(request, None))
        raise
    if entry.period is not None:
        return redirect(entry.period)
    return _answer(request, _open(request, entry))


def _open(request: AuthenticatedHttpRequest, note: Entry | None) -> NotePage:
    today = request.user.today(timezone.now())
    names = ("entry_on", "title", "text", "mood", "energy", "tags", "version")
    stored: dict[str, Any] = {name: getattr(note, name) for name in names} if note else {"entry_on": today}
    if note is None:
        stored["title"] = words_of(request.user, request.GET.get("question", ""))[:TITLE_LENGTH]
    stored["note"] = note.pk if note else None
    is_draft = is_fragment(request) or request.POST.get("action") in {"later", "preview"}
    form = NoteForm(posted(request), initial=stored, today=today, is_draft=is_draft)
    form.offer(offered_to(request.user, note))
    return NotePage(note, form, today)


def _answer(request: AuthenticatedHttpRequest, page: NotePage) -> HttpResponse:
    """Show the page, or save what was sent. An htmx POST is an autosave; any other says by `action` what it wants:
    save (which ends a draft), later or preview.
    """
    if request.method != "POST":
        return _show(request, page)
    if not page.form.is_valid():
        return _show(request, page, status=422)
    action = request.POST.get("action", "save")
    if action == "preview":
        return _show(request, page)
    is_autosave = is_fragment(request)
    try:
        page.note = save_note(
            owner=request.user,
            pk=page.note.pk if page.note else None,
            words=page.form.words,
            expected=page.form.cleaned_data["version"] or 0,
            page=page.form.cleaned_data["page"],
            number=page.form.cleaned_data["number"] or 0,
            is_autosave=is_autosave,
            is_done=not is_autosave and action != "later",
            at=timezone.now(),
        )
    except StaleEdit as stale:
        page.note = stale.current  # type: ignore[assignment] # an entry
        return _show(request, page, status=409)
    except services.FinishedMeanwhile:
        return render(request, "journal/_note_saved.html", {"is_finished": True}, status=409)
    return _show(request, page) if is_autosave else _go_on(request, page.note)


def _go_on(request: AuthenticatedHttpRequest, note: Entry | None) -> HttpResponse:
    if note is not None and note.is_finished:
        messages.success(request, "Note saved")
        return redirect(note)
    if note is not None:
        messages.success(request, "Saved for later")
    return redirect("journal:entry_list")


def _show(request: AuthenticatedHttpRequest, page: NotePage, *, status: int = 200) -> HttpResponse:
    """Render the page, or for an autosave what stands beside "Saved". 409 shows both versions, 422 the mistakes."""
    form, note = page.form, page.note
    context: dict[str, Any] = {"form": form, "note": note, "is_stale": status == 409, "saved": _say_saved(page)}
    if is_fragment(request):
        response = render(request, "journal/_note_saved.html", context, status=status)
        if status == 200 and note is not None:
            response["HX-Replace-Url"] = note.write_path  # a reload goes on with this draft
        return response
    if status == 409 and note is not None:
        form.continue_from(note.version)
    context |= {
        "other": note if status == 409 else None,
        "moods": drawn(form["mood"], MOOD_ICONS),
        "energies": drawn(form["energy"], ENERGY_ICONS),
        # A text others read must not change under them while it is being written.
        "autosaves": status != 409 and (note is None or not note.is_finished),
        **previews_of(request.user, request.POST, ["text"]),
    }
    return render(request, "journal/entry_edit.html", context, status=status)


def _say_saved(page: NotePage) -> str:
    """Say when a draft was saved: the hour today, the day before that."""
    if page.note is None or page.note.is_finished:
        return ""
    at = timezone.localtime(page.note.updated_at)
    return f"Saved {at:%H:%M}" if at.date() == page.today else f"Saved {say_day(at.date(), page.today)}"
