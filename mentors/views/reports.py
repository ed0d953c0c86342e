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


@require_http_methods(["GET", "POST"])
def report_new(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Tell the operator about the person behind a thing: /mentors/report/?about=profile&id=7."""
    about, number, person = _person(request)
    form = ReportForm(request.POST if request.method == "POST" else None)
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
            messages.success(request, "Sent to the people who run this server. Nobody else learns of it.")
            return redirect("mentors:mentor_list")
    context = {"form": form, "person": person, "about": about}
    return render(request, "mentors/report_new.html", context, status=422 if form.errors else 200)


def _person(request: AuthenticatedHttpRequest) -> tuple[str, int, User]:
    about, number = request.GET.get("about", ""), request.GET.get("id", "")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        raise Http404
    person = services.person_behind(about=about, about_id=int(number), user=request.user)
    if person is None:
        raise Http404
    return about, int(number), person
