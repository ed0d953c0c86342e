"""The page of one request, as its asker and as the asked mentor see it."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import AuthenticatedHttpRequest
from goals.models import Goal
from mentors.alternatives import alternatives
from mentors.forms import AcceptForm, DeclineRequestForm, MessageForm
from mentors.models import AFTER_A_NO, Profile, Request

CLOSED_WITHOUT = {"declined", "expired"}


@require_safe
def request_detail(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """What is asked, what was said about it, and what can be done now."""
    return request_page(request, visible_request(request, pk))


def visible_request(request: AuthenticatedHttpRequest, pk: int) -> Request:
    """Return a request that this person may see, or raise 404."""
    return get_object_or_404(Request.objects.visible_to(request.user).with_people(), pk=pk)


def request_page(
    request: AuthenticatedHttpRequest,
    row: Request,
    *,
    answer: MessageForm | None = None,
    question: MessageForm | None = None,
    accept: AcceptForm | None = None,
    decline: DeclineRequestForm | None = None,
) -> HttpResponse:
    """Draw the page; a form that was sent with mistakes comes back with what was typed."""
    now, is_mine = timezone.now(), row.asker_id == request.user.pk
    today = request.user.today(now)
    # What was asked is told to the mentor while it waits for them, and for as long as they work together after a yes.
    shows = is_mine or row.is_open or row.state == Request.State.ACCEPTED
    goals = Goal.objects.owned_by(row.asker).for_readers().filter(mentor_requests=row).order_by("pk").only("title")
    context = {
        "row": row,
        "is_mine": is_mine,
        "navid": "mentors" if is_mine else "mentees",
        "shows": shows,
        "other": row.mentor if is_mine else row.asker,
        "mentor_name": row.mentor.given_name if row.mentor else "The mentor",
        "goals": goals if shows else [],
        "said": row.messages.select_related("author") if shows else [],
        "answer": answer or MessageForm(label="Your answer", auto_id="answer_%s"),
        "today": today,
        "until": request.user.today(row.runs_out_at) if row.runs_out_at else None,
        "closed_on": request.user.today(row.closed_at) if row.closed_at else None,
    }
    if not is_mine and row.is_open:
        context |= {
            "question": question or MessageForm(label="Your question", auto_id="question_%s"),
            "accept": accept or AcceptForm(today=today, auto_id="accept_%s"),
            "decline": decline or DeclineRequestForm(today=today, auto_id="decline_%s"),
        }
    if is_mine and row.is_draft and row.mentor:
        context["profile"] = Profile.objects.open_to(request.user).filter(owner=row.mentor).first()
    if is_mine and row.state in CLOSED_WITHOUT and row.closed_at:
        context["others"] = alternatives(asker=row.asker, instead_of=row.mentor, now=now)
        if row.state == Request.State.DECLINED:
            context["again_on"] = request.user.today(row.closed_at + AFTER_A_NO)
    errors = any(form is not None for form in (answer, question, accept, decline))
    return render(request, "mentors/request_detail.html", context, status=422 if errors else 200)


def refused(request: AuthenticatedHttpRequest, row: Request, sentence: str) -> HttpResponse:
    """409: somebody was faster, or it cannot be done now; says why, shows what was typed for it, and leads back."""
    typed = [request.POST.get(name, "").strip() for name in ("text", "note")]
    context = {
        "row": row,
        "sentence": sentence,
        "is_mine": row.asker_id == request.user.pk,
        "unsaved": [words for words in typed if words],
    }
    return render(request, "mentors/request_refused.html", context, status=409)
