"""People who are here twice: who that may be, both side by side, made one, and taken apart again."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import AuthenticatedHttpRequest
from accounts.models import User
from contacts.duplicates import SHOWN, pairs_of
from contacts.finding import Search, people_of
from contacts.forms.country import CountryForm
from contacts.merging import field_rows
from contacts.models import Apart, Contact, Introduction, Merge
from contacts.services.country import country_of, set_country
from contacts.services.housekeeping import BIN_DAYS
from contacts.services.merge import CHOSEN, Changed, TooMuch, merge, undo, ways_together
from core.htmx import is_fragment, toast

MERGES_SHOWN = 25
MEANWHILE = "One of them was changed meanwhile. This is how both are now; nothing was merged yet."


@require_safe
def duplicate_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Show who may be one person, and who was made one lately."""
    return _duplicates(request, CountryForm(country=country_of(request.user)))


def _duplicates(request: AuthenticatedHttpRequest, form: CountryForm) -> HttpResponse:
    merges = Merge.objects.owned_by(request.user).select_related("kept", "gone")[:MERGES_SHOWN]
    pairs = pairs_of(request.user)
    context = {"pairs": pairs[:SHOWN], "has_more": len(pairs) > SHOWN, "merges": merges, "days": BIN_DAYS, "form": form}
    return render(request, "contacts/duplicate_list.html", context, status=422 if form.errors else 200)


@require_POST
def contact_country(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Choose the country that numbers without its code are taken to be from."""
    form = CountryForm(request.POST, country=country_of(request.user))
    if not form.is_valid():
        return _duplicates(request, form)
    number = set_country(owner=request.user, code=form.cleaned_data["code"])
    said = f"Saved. {number} number{'' if number == 1 else 's'} compared anew" if number else "Saved"
    return toast(request, redirect("contacts:duplicate_list"), said)


@require_safe
def merge_choose(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Find the other one whom a contact is the same person as."""
    contact = get_object_or_404(Contact.objects.editable_by(request.user), pk=pk)
    search = Search(q=Search.read(request.GET).q or contact.name.split(" ")[-1])
    people = people_of(search, request.user, today=request.user.today(timezone.now()))
    found = [one for one in people.rows if one.pk != contact.pk]
    return render(request, "contacts/merge_choose.html", {"contact": contact, "search": search, "found": found})


@require_http_methods(["GET", "HEAD", "POST"])
def contact_merge(request: AuthenticatedHttpRequest, pk: int, other: int) -> HttpResponse:
    """Show two contacts field by field, and what they would be together as chosen; a POST makes them one."""
    kept, gone = _both(request.user, pk, other)
    versions, problem, status = (kept.version, gone.version), "", 200
    chosen = request.POST if request.method == "POST" else request.GET
    from_gone = frozenset(name for name in CHOSEN if chosen.get(name) == "1")
    if request.method == "POST":
        shown = tuple(_number(request.POST.get(name, "")) for name in ("version", "other_version"))
        try:
            done = merge(kept=kept, gone=gone, versions=(shown[0], shown[1]), from_gone=from_gone, at=timezone.now())
        except Changed:
            problem, status = MEANWHILE, 409
        except TooMuch as error:
            problem, status = str(error), 422
        else:
            return toast(request, redirect(kept), "Merged", undo_url=f"/contacts/merges/{done.pk}/undo/")
    rows = field_rows(kept, gone, from_gone)
    notes = [row for row in rows if row.name == "notes"]
    if is_fragment(request) and notes:
        return render(request, "contacts/_merge_field.html", {"row": notes[0]})
    context: dict[str, Any] = {"kept": kept, "gone": gone, "versions": versions, "problem": problem, "days": BIN_DAYS}
    context |= {"rows": rows, "ways": ways_together(kept, gone)}
    context["introductions"] = Introduction.objects.owned_by(request.user).between(kept, gone).exists()
    return render(request, "contacts/contact_merge.html", context, status=status)


@require_POST
def contact_apart(request: AuthenticatedHttpRequest, pk: int, other: int) -> HttpResponse:
    """Remember that two contacts are not the same person."""
    one, another = _both(request.user, pk, other)
    Apart.say(one, another, at=timezone.now())
    return toast(request, redirect("contacts:duplicate_list"), "Two people, then")


@require_POST
def merge_undo(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Take two contacts apart again. Done already, it leads to the list."""
    done = Merge.objects.owned_by(request.user).filter(pk=pk).first()
    if done is None:
        raise Http404
    gone = undo(merge=done, at=timezone.now())
    return toast(request, redirect(gone), f"{gone.name} is back")


def _both(user: User, pk: int, other: int) -> tuple[Contact, Contact]:
    people = Contact.objects.editable_by(user).prefetch_related("ways").in_bulk([pk, other])
    if len(people) != 2:
        raise Http404
    return people[pk], people[other]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
