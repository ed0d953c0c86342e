from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import AuthenticatedHttpRequest
from core.htmx import toast
from core.versioned import StaleEdit
from mentors import services
from mentors.forms import HandoverForm
from mentors.models import Handover
from mentors.views.access import mentorship_or_404, side_of
from sharing.models import Mentorship


@require_http_methods(["GET", "POST"])
def handover_edit(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Write, as the mentee, what the next mentor should know about a mentorship."""
    mentorship = mentorship_or_404(request, pk)
    if not mentorship.is_mentor:
        raise Http404
    if mentorship.mentee_id != request.user.pk:
        raise PermissionDenied("The mentee writes the handover.")
    handover = Handover.objects.about(mentorship).first()
    version = handover.version if handover else 0
    form = HandoverForm(
        request.POST if request.method == "POST" else None, instance=handover, initial={"version": version}
    )
    stored = None
    if request.method == "POST" and form.is_valid():
        parts = {name: form.cleaned_data[name] for name in form.Meta.fields}
        seen = form.cleaned_data["version"] or 0
        try:
            saved = services.write_handover(
                mentorship=mentorship, parts=parts, version=seen, by=request.user, now=timezone.now()
            )
        except StaleEdit as stale:
            stored = stale.current
            data = request.POST.copy()
            data["version"] = str(stale.current.version)  # type: ignore[attr-defined]
            form.data = data
        else:
            return toast(request, redirect(saved), "Handover saved")
    context = side_of(request, mentorship) | {"form": form, "handover": handover, "stored": stored}
    return render(request, "mentors/handover_edit.html", context, status=409 if stored else 200)


@require_safe
def handover_detail(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Read a handover: its owner, and the mentors it is shown to now."""
    rows = Handover.objects.visible_to(request.user).select_related("owner", "mentorship__mentor")
    handover = get_object_or_404(rows, pk=pk)
    is_owner = handover.owner_id == request.user.pk
    context = {
        "handover": handover,
        "is_owner": is_owner,
        "navid": "mentors" if is_owner else "mentees",
        "readers": list(handover.readers()) if is_owner else [],
    }
    return render(request, "mentors/handover_detail.html", context)


@require_http_methods(["GET", "POST"])
def handover_share(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Choose which mentors read a handover."""
    handover = _own(request, pk)
    mentors = _next_mentors(request, handover)
    problem = ""
    if request.method == "POST":
        wanted = set(request.POST.getlist("share"))
        chosen = [each for each in mentors if str(each.pk) in wanted]
        if len(chosen) == len(wanted):
            services.show_handover(handover=handover, mentorships=chosen, by=request.user, now=timezone.now())
            names = " and ".join(each.mentor.given_name for each in chosen if each.mentor)
            return toast(request, redirect(handover), f"{names} can read it" if names else "Only you can read it now")
        problem = "One of these people is no longer your mentor. This is who you can show it to now."
    checked = set(handover.readers().values_list("pk", flat=True))
    readers = [
        {
            "mentorship": each,
            "name": each.mentor_name,
            "role": "Your mentor",
            "checked": each.pk in checked,
            "view_url": "",
            "sees": "Reads these three parts, and when that was; not who it was with.",
        }
        for each in mentors
    ]
    context = {"handover": handover, "readers": readers, "problem": problem}
    return render(request, "mentors/handover_share.html", context, status=409 if problem else 200)


@require_http_methods(["GET", "POST"])
def handover_delete(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Erase a handover, after asking."""
    handover = _own(request, pk)
    if request.method == "POST":
        mentorship = handover.mentorship
        handover.delete()
        return toast(request, redirect(mentorship), "Handover deleted")
    context = {
        "title": "Delete this handover?",
        "lede": "It is gone at once, for you and for whoever can read it now. This cannot be undone.",
        "yes": "Delete handover",
        "no": "Keep it",
        "danger": True,
        "back": handover.get_absolute_url(),
    }
    return render(request, "components/confirm.html", context)


def _own(request: AuthenticatedHttpRequest, pk: int) -> Handover:
    handover = get_object_or_404(Handover.objects.visible_to(request.user).select_related("mentorship"), pk=pk)
    if not Handover.objects.editable_by(request.user).filter(pk=handover.pk).exists():
        raise PermissionDenied("You can read this, and only its owner changes it.")
    return handover


def _next_mentors(request: AuthenticatedHttpRequest, handover: Handover) -> list[Mentorship]:
    own = Mentorship.objects.active().of_mentee(request.user).filter(kind=Mentorship.Kind.MENTOR)
    return list(own.exclude(pk=handover.mentorship_id).with_people().order_by("started_at", "pk"))
