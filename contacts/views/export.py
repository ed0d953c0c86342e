"""One's contacts as a file: all of them, some, or one."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import AuthenticatedHttpRequest
from contacts.forms import ExportForm
from contacts.models import Contact
from contacts.services import export

FILE_NAME_LENGTH = 60


@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(app="accounts")
def contact_export(request: AuthenticatedHttpRequest) -> HttpResponse | StreamingHttpResponse:
    """Ask which contacts and in which form, and hand them over piece by piece, to somebody who just proved to be me."""
    form = ExportForm(request.POST if request.method == "POST" else None, owner=request.user)
    if not form.is_bound or not form.is_valid():
        return render(request, "contacts/contact_export.html", {"form": form}, status=422 if form.is_bound else 200)
    now = timezone.now()
    name = f"waymark-contacts-{request.user.today(now).isoformat()}"
    if form.cleaned_data["kind"] == "csv":
        return _file(StreamingHttpResponse(export.table(form.chosen())), f"{name}.csv", "text/csv")
    return _file(StreamingHttpResponse(export.vcards(form.chosen(), at=now)), f"{name}.vcf", "text/vcard")


@require_safe
def contact_card(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Hand over one contact as an address card."""
    chosen: Any = Contact.objects.visible_to(request.user).filter(pk=pk)
    contact = get_object_or_404(chosen)
    card = b"".join(export.vcards(chosen, at=timezone.now()))
    return _file(HttpResponse(card), f"{slugify(contact.name)[:FILE_NAME_LENGTH] or 'contact'}.vcf", "text/vcard")


def _file(response: Any, name: str, content_type: str) -> Any:
    response.headers["Content-Type"] = f"{content_type}; charset=utf-8"
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return response
