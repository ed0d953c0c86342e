"""Setting people aside, and taking them away: the archive and the bin."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.http import AuthenticatedHttpRequest
from contacts.models import Contact
from contacts.services.housekeeping import BIN_DAYS
from core.htmx import toast
from core.paging import page


@require_POST
def contact_archive(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Set somebody aside: kept and found, but never due."""
    contact = get_object_or_404(Contact.objects.editable_by(request.user), pk=pk)
    contact.archive(at=timezone.now())
    return toast(request, redirect("contacts:contact_list"), "Archived", undo_url=f"/contacts/{pk}/unarchive/")


@require_POST
def contact_unarchive(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Take somebody out of the archive."""
    contact = get_object_or_404(Contact.objects.editable_by(request.user), pk=pk)
    contact.bring_back()
    return toast(request, redirect(contact), "Out of the archive")


@require_POST
def contact_delete(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Put somebody into the bin. One who is there already stays as they are."""
    if not Contact.objects.in_bin_of(request.user).filter(pk=pk).exists():
        contact = get_object_or_404(Contact.objects.editable_by(request.user), pk=pk)
        contact.put_in_bin(at=timezone.now())
    return toast(request, redirect("contacts:contact_list"), "Contact deleted", undo_url=f"/contacts/{pk}/restore/")


@require_POST
def contact_restore(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Bring somebody back from the bin, with everything that was noted about them."""
    contact = Contact.objects.in_bin_of(request.user).filter(pk=pk).first()
    if contact is None:  # brought back already, by a first press or in another tab
        return redirect(get_object_or_404(Contact.objects.owned_by(request.user), pk=pk))
    contact.take_from_bin()
    return toast(request, redirect(contact), "Contact is back")


@require_safe
def contact_bin(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Show whom one deleted in the last 30 days."""
    found = page(Contact.objects.in_bin_of(request.user), keys=("-deleted_at", "-pk"), after=request.GET.get("after"))
    older = f"?after={found.next_token}" if found.next_token else ""
    return render(request, "contacts/contact_bin.html", {"contacts": found.rows, "older": older, "days": BIN_DAYS})
