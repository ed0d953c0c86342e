from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import AuthenticatedHttpRequest
from accounts.models import User
from core.htmx import toast
from core.paging import Pages
from mentors import services
from mentors.forms import OfferForm, ThanksForm
from mentors.models import Offer, Thanks
from mentors.views.access import mentorship_or_404, side_of
from sharing.models import Mentorship

_RECEIVED = Pages(
    lambda owner: Thanks.objects.received_by(User(pk=owner)).with_people(), keys=("-sent_at", "-pk"), owner=int
)


@require_safe
def thanks_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    """What I was thanked for."""
    page = _RECEIVED.page(request.GET.get("after"), owner=request.user.pk)
    return render(request, "mentors/thanks_list.html", {"page": page, "today": request.user.today(timezone.now())})


@require_POST
def thanks_remove(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Take thanks off my page; whoever sent them is not told."""
    get_object_or_404(Thanks.objects.received_by(request.user), pk=pk).delete()
    return toast(request, redirect("mentors:thanks_list"), "Removed")


@require_http_methods(["GET", "HEAD", "POST"])
def thanks_new(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Thank the other person of a relation; the box of its page posts here."""
    mentorship = mentorship_or_404(request, pk)
    if not mentorship.is_active:
        return redirect(mentorship)
    form = ThanksForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data["thanks"]
        try:
            services.say_thanks(mentorship=mentorship, by=request.user, words=words, at=timezone.now())
        except ValidationError as error:
            form.add_error("thanks", error)
        else:
            other = mentorship.other(request.user)
            messages.success(request, f"Sent. {other.given_name if other else 'They'} gets it by email and keeps it.")
            return redirect(mentorship)
    context = side_of(request, mentorship) | {"form": form}
    return render(request, "mentors/thanks_new.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def offer_edit(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Say what I offer the person who reads with me."""
    mentorship = get_object_or_404(Mentorship.objects.of_mentee(request.user).with_people(), pk=pk)
    if not mentorship.is_active:
        return redirect(mentorship)
    offer = Offer.objects.made_by(request.user).filter(mentorship=mentorship).first()
    data = request.POST if request.method == "POST" else None
    form = OfferForm(data, initial={"offer": offer.words if offer else ""})
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data["offer"]
        services.set_offer(mentorship=mentorship, by=request.user, words=words, at=timezone.now())
        messages.success(request, "Saved." if words else "You offer nothing here now.")
        return redirect(mentorship)
    context = side_of(request, mentorship) | {"form": form}
    return render(request, "mentors/offer_edit.html", context, status=422 if form.errors else 200)
