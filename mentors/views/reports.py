from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.http import AuthenticatedHttpRequest
from accounts.models import User
from mentors import services
from mentors.forms import ReportForm
from mentors.forms.report import BLOCKING


@require_http_methods(["GET", "POST"])
def report_new(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Tell the operator about the person behind a thing, block them, or both: /mentors/report/?about=profile&id=7."""
    about, number, person = _person(request)
    if request.method == "POST" and "only_block" in request.POST:
        services.block_user(other=person, by=request.user, now=timezone.now())
        messages.success(request, f"Blocked. {person.given_name} cannot reach you here any more, and is not told.")
        return redirect("mentors:block_list")
    form = ReportForm(request.POST if request.method == "POST" else None, person=person)
    if request.method == "POST" and form.is_valid():
        try:
            services.report(
                about=about,
                about_id=number,
                by=request.user,
                kind=form.cleaned_data["kind"],
                words=form.cleaned_data["words"],
                now=timezone.now(),
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            if form.cleaned_data["blocks"]:
                services.block_user(other=person, by=request.user, now=timezone.now())
            also = f" {person.given_name} is blocked." if form.cleaned_data["blocks"] else ""
            messages.success(request, f"Sent to the people who run this server. Nobody else learns of it.{also}")
            return redirect("mentors:mentor_list")
    context = {
        "form": form,
        "person": person,
        "about": about,
        "blocking": BLOCKING.format(name=person.given_name),
    }
    return render(request, "mentors/report_new.html", context, status=422 if form.errors else 200)


def _person(request: AuthenticatedHttpRequest) -> tuple[str, int, User]:
    about, number = request.GET.get("about", ""), request.GET.get("id", "")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        raise Http404
    person = services.person_behind(about=about, about_id=int(number), user=request.user)
    if person is None:
        raise Http404
    return about, int(number), person
