"""One of the people one knows, and the form that adds and changes them."""

from copy import copy
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import AuthenticatedHttpRequest
from contacts import birthdays
from contacts.conversations import page_context
from contacts.forms import ContactForm, WayRows, ways_of
from contacts.models import Contact, Interview, Way
from contacts.reach import link
from contacts.rows import say_rhythm
from contacts.services.contact import EDITED, add_contact, change_contact
from core.htmx import toast
from core.versioned import StaleEdit

MORE_WAYS = 3
WAY_ICONS = {
    "email": "envelope",
    "phone": "telephone",
    "web": "globe2",
    "address": "geo-alt",
    "other": "person-lines-fill",
}


@require_safe
def contact_detail(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Show one person: why they matter, what goes both ways, how to reach them."""
    contact = get_object_or_404(Contact.objects.visible_to(request.user).prefetch_related("ways"), pk=pk)
    today = request.user.today(timezone.now())
    context = {
        "contact": contact,
        "today": today,
        "ways": [
            {"way": way, "link": link(way.kind, way.value), "icon": WAY_ICONS[way.kind]} for way in contact.ways.all()
        ],
        "offer": contact.offer.splitlines(),
        "hoped_for": contact.hoped_for.splitlines(),
        "rhythm": say_rhythm(contact),
        "birthday": birthdays.say(contact.birthday),
        **page_context(contact, request.user, today=today),
        "interviews": Interview.objects.owned_by(request.user).filter(contact=contact)[:5],
    }
    return render(request, "contacts/contact_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def contact_new(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Add somebody; a name is enough. `?name=` and `?how_met=` begin it, from pages where one meets people."""
    begun = {field: request.GET.get(field, "")[:200] for field in ("name", "how_met")}
    form = ContactForm(_posted(request), initial=begun)
    rows = _rows(request)
    if request.method != "POST" or _only_asks(request) or not all([form.is_valid(), rows.is_valid()]):
        return _form_page(request, form, rows)
    contact = add_contact(contact=form.save(commit=False), ways=rows.typed, by=request.user, at=timezone.now())
    return toast(request, redirect(contact), "Contact saved", undo_url=f"/contacts/{contact.pk}/delete/")


@require_http_methods(["GET", "HEAD", "POST"])
def contact_edit(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Change what is said of somebody. Who was overtaken by another tab sees both versions."""
    contact = get_object_or_404(Contact.objects.editable_by(request.user), pk=pk)
    before = copy(contact)
    form = ContactForm(_posted(request), instance=contact, initial={"version": contact.version})
    rows = _rows(request, contact)
    if request.method != "POST" or _only_asks(request) or not all([form.is_valid(), rows.is_valid()]):
        return _form_page(request, form, rows, contact=before)
    changed, expected = form.save(commit=False), form.cleaned_data["version"] or 0
    try:
        change_contact(contact=changed, before=before, ways=rows.typed, by=request.user, expected=expected)
    except StaleEdit as stale:
        current: Any = stale.current
        form.continue_from(current.version)
        differences = _differences(form, rows.typed, current)
        return _form_page(request, form, rows, contact=before, differences=differences, status=409)
    return toast(request, redirect(changed), "Contact saved")


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _only_asks(request: HttpRequest) -> bool:
    """Tell whether the form was sent for more room, and not to be saved."""
    return "more_ways" in request.POST


def _rows(request: HttpRequest, contact: Contact | None = None) -> Any:
    ways = ways_of(contact) if contact else []
    initial = ways if request.method != "POST" else None
    return WayRows(_posted(request), initial=initial, more=MORE_WAYS if _only_asks(request) else 0, stored=len(ways))


def _form_page(
    request: HttpRequest,
    form: ContactForm,
    rows: Any,
    *,
    contact: Contact | None = None,
    differences: list[dict[str, str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    if _only_asks(request):  # nothing is wrong yet
        form.errors.clear()
        for row in rows.forms:
            row.errors.clear()
    elif form.is_bound and status == 200 and not (form.is_valid() and rows.is_valid()):
        status = 422
    context = {
        "form": form,
        "rows": rows,
        "contact": contact,
        "differences": differences,
        "is_stale": status == 409,
        "mistakes": _mistakes(form, rows) if status == 422 else [],
        "back": contact.get_absolute_url() if contact else "/contacts/",
    }
    return render(request, "contacts/contact_edit.html", context, status=status)


def _mistakes(form: ContactForm, rows: Any) -> list[dict[str, str]]:
    """Return what is wrong, in the order of the page, for the summary on top."""
    found = [{"id": "", "text": str(text)} for text in [*form.non_field_errors(), *rows.non_form_errors()]]
    for bound in form.visible_fields():
        if bound.errors:
            first = "_0" if bound.name == "circle" else ""
            found.append({"id": f"{bound.auto_id}{first}", "text": f"{bound.label}: {bound.errors[0]}"})
    for row in rows.forms:
        found += [{"id": row[name].auto_id, "text": str(texts[0])} for name, texts in row.errors.items()]
    return found


def _differences(form: ContactForm, typed: list[Way], current: Contact) -> list[dict[str, str]]:
    """Return the fields in which what is stored now is not what was typed."""
    found = []
    for name in EDITED:
        stored = getattr(current, name)
        if stored != form.cleaned_data.get(name):
            said = dict(Contact.Circle.choices).get(stored, stored) if name == "circle" else stored
            said = ", ".join(said) if isinstance(said, list) else birthdays.say(said) if name == "birthday" else said
            found.append({"label": str(form[name].label), "stored": str(said or "Empty"), "id": form[name].auto_id})
    reached = [(way.kind, way.label, way.value) for way in current.ways.all()]
    if reached != [(way.kind, way.label, way.value) for way in typed]:
        said = ", ".join(value for _, _, value in reached) or "Empty"
        found.append({"label": "Ways to reach them", "stored": said, "id": "ways"})
    return found
