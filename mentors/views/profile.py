from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import AuthenticatedHttpRequest
from core.htmx import toast
from core.paging import page
from mentors import directory, services
from mentors.forms import ProfileForm, SlotForm
from mentors.models import Mark, Profile, Slot
from mentors.vocabulary import LANGUAGES
from sharing.models import Mentorship

SAID = {
    ("kept", True): "Kept for later. Only you know.",
    ("kept", False): "No longer kept",
    ("hidden", True): "Not shown to you again. Only you know.",
    ("hidden", False): "Shown again",
    ("watched", True): "We will write once, when there is a place",
    ("watched", False): "You will not be told",
}


@require_http_methods(["GET", "POST"])
def profile_edit(request: AuthenticatedHttpRequest) -> HttpResponse:
    """One's own offer to be a mentor."""
    now = timezone.now()
    profile = Profile.objects.owned_by(request.user).first() or Profile(owner=request.user)
    # What is typed must not reach the profile that the page's head speaks of.
    stored_listed, is_stored = profile.is_listed, profile.pk is not None
    form = ProfileForm(
        request.POST if request.method == "POST" else None, instance=profile, today=request.user.today(now)
    )
    if request.method == "POST" and form.is_valid():
        services.save_profile(profile=form.save(commit=False), by=request.user, at=now)
        said = "Saved. Others can find you now." if profile.is_listed else "Saved. Nobody can find you here."
        messages.success(request, said)
        return redirect(profile)
    slots = Slot.objects.owned_by(request.user)
    context = {"form": form, "profile": profile, "is_stored": is_stored, "is_listed": stored_listed, "slots": slots}
    return render(request, "mentors/profile_edit.html", context, status=422 if form.errors else 200)


@require_safe
def profile_detail(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """What a mentor says of themselves, to anybody signed in; to its owner a preview."""
    now = timezone.now()
    profile = _profile(request, pk)
    is_own = profile.owner_id == request.user.pk
    viewer = directory.viewer_of(request.user, now=now)
    slots = tuple(Slot.objects.owned_by(profile.owner))
    row = directory.row_of(profile, viewer, slots, marks=directory.marks_of(request.user, profile))
    between = Mentorship.objects.active().of_mentee(request.user).of_mentor(profile.owner).first()
    context = {
        "profile": profile,
        "row": row,
        "is_own": is_own,
        "languages": ", ".join(LANGUAGES.get(code, code) for code in profile.languages),
        "asks_for": [line.strip("-•* \t") for line in profile.asks_for.splitlines() if line.strip()],
        "slots": slots,
        "between": between,
        "request_url": "" if is_own or between or not row.is_open else row.ask_path,
        "can_watch": not is_own and not between and not row.is_open,
    }
    return render(request, "mentors/profile_detail.html", context)


@require_POST
def profile_mark(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Keep a mentor for later, hide them, or ask to be told of a free place; or take that back."""
    profile = _profile(request, pk)
    kind, is_on = request.POST.get("kind", ""), request.POST.get("on") != "0"
    if kind not in Mark.Kind.values or profile.owner_id == request.user.pk:
        raise Http404
    if is_on:
        services.mark(profile=profile, by=request.user, kind=kind, at=timezone.now())
    else:
        services.unmark(profile=profile, by=request.user, kind=kind)
    back = {"list": "/mentors/marks/", "directory": "/mentors/"}.get(
        request.POST.get("back", ""), profile.get_absolute_url()
    )
    return toast(request, redirect(back), SAID[kind, is_on])


@require_http_methods(["GET", "POST"])
def profile_block(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Ask once, then hear and see nothing more of a person."""
    profile = _profile(request, pk)
    if profile.owner_id == request.user.pk:
        raise Http404
    if request.method == "POST":
        services.block_user(other=profile.owner, by=request.user, now=timezone.now())
        messages.success(request, "Blocked. You two do not see each other here any more, and they are not told.")
        return redirect("mentors:mentor_list")
    return render(request, "mentors/profile_block.html", {"profile": profile})


@require_safe
def mark_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Whom I keep for later, whom I do not want to see, and of whom I want to hear; known to no one else."""
    shown = Profile.objects.visible_to(request.user).values("pk")
    marks = Mark.objects.owned_by(request.user).filter(profile__in=shown).select_related("profile__owner")
    found = page(marks, keys=("-created_at", "-pk"), after=request.GET.get("after"))
    return render(request, "mentors/mark_list.html", {"marks": found})


@require_http_methods(["GET", "POST"])
def slot_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    """When in the week I have time to talk: for the directory, as a mentor and as somebody who looks for one."""
    form = SlotForm(request.POST if request.method == "POST" else None, owner=request.user)
    if request.method == "POST" and form.is_valid():
        services.change_hours(owner=request.user, add=form.save(commit=False), at=timezone.now())
        return toast(request, redirect("mentors:slot_list"), "Added")
    context = {"form": form, "slots": Slot.objects.owned_by(request.user)}
    return render(request, "mentors/slot_list.html", context, status=422 if form.errors else 200)


@require_POST
def slot_remove(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Take hours of the week away."""
    slot = get_object_or_404(Slot.objects.owned_by(request.user), pk=pk)
    services.change_hours(owner=request.user, remove=slot, at=timezone.now())
    return toast(request, redirect("mentors:slot_list"), "Taken away")


def _profile(request: AuthenticatedHttpRequest, pk: int) -> Profile:
    shown: Any = Profile.objects.visible_to(request.user).with_owner()
    return get_object_or_404(shown, pk=pk)
