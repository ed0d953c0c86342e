from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.http import AuthenticatedHttpRequest
from core.versioned import StaleEdit
from mentors import services
from mentors.forms import PrivateNoteForm
from mentors.models import PrivateNote
from sharing.models import Mentorship


@require_http_methods(["GET", "HEAD", "POST"])
def private_notes(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """What I noted about somebody I read for, for my own eyes; also after the end."""
    relations = Mentorship.objects.visible_to(request.user).of_mentor(request.user).with_people()
    mentorship = get_object_or_404(relations, pk=pk)
    note = PrivateNote.objects.written_by(request.user).filter(mentorship=mentorship).first()
    initial = {"text": note.text, "version": note.version} if note else {"version": 0}
    if request.method != "POST":
        return _show(request, mentorship, PrivateNoteForm(initial=initial))
    form = PrivateNoteForm(request.POST)
    if not form.is_valid():
        return _show(request, mentorship, form, status=422)
    text, version = form.cleaned_data["text"], form.cleaned_data["version"]
    try:
        services.save_private_note(
            mentorship=mentorship, by=request.user, text=text, expected=version, at=timezone.now()
        )
    except StaleEdit as stale:
        current: Any = stale.current
        form = PrivateNoteForm(initial={"text": text, "version": current.version})
        return _show(request, mentorship, form, other=current.text, status=409)
    messages.success(request, "Notes saved. Only you can read them.")
    return redirect(_back(mentorship))


def _back(mentorship: Mentorship) -> str:
    return f"/mentees/{mentorship.pk}/" if mentorship.is_active else mentorship.get_absolute_url()


def _show(
    request: AuthenticatedHttpRequest,
    mentorship: Mentorship,
    form: PrivateNoteForm,
    *,
    other: str | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"form": form, "mentorship": mentorship, "mentee": mentorship.mentee, "other": other}
    context |= {"back": _back(mentorship), "navid": "mentees"}
    return render(request, "mentors/private_notes.html", context, status=status)
