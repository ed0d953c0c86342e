"""Associations: why one belongs to them, when that is renewed, and what they hold."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import AuthenticatedHttpRequest
from contacts.forms.event import AssociationForm
from contacts.models import Association, Event
from contacts.services.event import add_once
from core.htmx import toast
from core.paging import page


@require_http_methods(["GET", "HEAD", "POST"])
def association_new(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Note an association."""
    form = AssociationForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _edit_page(request, form)
    association = add_once(form.save(commit=False), fields=form.Meta.fields, by=request.user, at=timezone.now())
    undo = f"{association.get_absolute_url()}delete/"
    return toast(request, redirect(association), "Association saved", undo_url=undo)


@require_safe
def association_detail(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """One association and its events, the newest first."""
    association = _own(request, pk)
    rows = Event.objects.owned_by(request.user).filter(association=association)
    shown = page(rows, keys=("-happens_on", "-pk"), after=request.GET.get("after"))
    context = {
        "association": association,
        "events": shown.rows,
        "older": f"?after={shown.next_token}" if shown.next_token else "",
        "today": request.user.today(timezone.now()),
    }
    return render(request, "contacts/association_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def association_edit(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Change what stands about an association."""
    association = _own(request, pk)
    form = AssociationForm(request.POST if request.method == "POST" else None, instance=association)
    if request.method == "POST" and form.is_valid() and form.save_over():
        return toast(request, redirect(association), "Association saved")
    return _edit_page(request, form, association)


@require_POST
def association_delete(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Put an association into the bin. Its events stay."""
    if not Association.objects.in_bin_of(request.user).filter(pk=pk).exists():
        _own(request, pk).put_in_bin(at=timezone.now())
    response = redirect("contacts:event_list")
    return toast(request, response, "Association deleted", undo_url=f"/contacts/associations/{pk}/restore/")


@require_POST
def association_restore(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Bring an association back from the bin."""
    association = Association.objects.in_bin_of(request.user).filter(pk=pk).first()
    if association is None:
        return redirect(_own(request, pk))
    association.take_from_bin()
    return toast(request, redirect(association), "Association is back")


def _own(request: AuthenticatedHttpRequest, pk: int) -> Association:
    found: Association = get_object_or_404(Association.objects.owned_by(request.user), pk=pk)
    return found


def _edit_page(
    request: AuthenticatedHttpRequest, form: AssociationForm, association: Association | None = None
) -> HttpResponse:
    back = association.get_absolute_url() if association else "/contacts/events/"
    context: dict[str, Any] = {"form": form, "association": association, "back": back}
    status = 409 if form.other else 422 if form.errors else 200
    return render(request, "contacts/association_edit.html", context, status=status)
