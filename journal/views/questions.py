"""The questions: one's own, and the library."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import AuthenticatedHttpRequest
from core.versioned import StaleEdit
from journal.models import OwnQuestion, QuestionWish
from journal.questions import wishes
from journal.questions.forms import OwnQuestionForm
from journal.questions.library import STRATEGIES, TAGS
from journal.questions.shelf import SHOWN, Chosen, say_fits, shelf_of
from journal.views.asking import posted

SAID = {
    "ask": "It comes as soon as it was not asked for eight weeks: next time, if it was not.",
    "leave": "You will not be asked this one.",
    "": "It takes its turn again.",
}


@require_safe
def question_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Show the person's own questions, and those of the library by strategy and by when they fit."""
    chosen = Chosen.read(request.GET)
    context = {
        "chosen": chosen,
        "strategies": [(0, "All", chosen.path(about=0, **{"from": 0}))]
        + [(number, words, chosen.path(about=number, **{"from": 0})) for number, words in STRATEGIES.items()],
        "kinds": [
            (key, words, chosen.path(fits="" if key == chosen.fits else key, **{"from": 0}))
            for key, words in (*TAGS.items(), ("month", "A whole month"))
        ],
        "shown": [(key, words, chosen.path(show=key, **{"from": 0})) for key, words in {"": "All", **SHOWN}.items()],
        "query": chosen.path().removeprefix("/journal/questions/"),
        "first": chosen.path(**{"from": 0}),
        **shelf_of(request.user, chosen, today=request.user.today(timezone.now())),
    }
    return render(request, "journal/question_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def question_new(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Write a question of one's own."""
    form = OwnQuestionForm(posted(request), instance=OwnQuestion(owner=request.user))
    if request.method == "POST" and form.is_valid():
        try:
            wishes.add_question(question=form.save(commit=False), at=timezone.now())
        except wishes.TooManyQuestions as full:
            form.add_error(None, str(full))
        else:
            messages.success(request, "Question saved")
            return redirect("journal:question_list")
    return _edit_page(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
def question_edit(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Change a question of one's own."""
    question = get_object_or_404(OwnQuestion.objects.owned_by(request.user).select_related("owner"), pk=pk)
    form = OwnQuestionForm(posted(request), instance=question, initial={"version": question.version})
    if request.method != "POST" or not form.is_valid():
        return _edit_page(request, form)
    expected = form.cleaned_data["version"] or 0
    try:
        wishes.change_question(question=form.save(commit=False), expected=expected, at=timezone.now())
    except StaleEdit as stale:
        other = stale.current
        form.continue_from(other.version)  # type: ignore[attr-defined]
        return _edit_page(request, form, other=other)  # type: ignore[arg-type]
    messages.success(request, "Question saved")
    return redirect("journal:question_list")


def _edit_page(
    request: AuthenticatedHttpRequest, form: OwnQuestionForm, *, other: OwnQuestion | None = None
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "question": form.instance if form.instance.pk else None, "other": other}
    if other:
        context["other_fits"] = say_fits(other.fits, is_monthly=other.kind == OwnQuestion.Kind.MONTH)
    return render(request, "journal/question_edit.html", context, status=409 if other else 422 if form.errors else 200)


@require_POST
def question_remove(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Put a question of one's own into the bin."""
    question = get_object_or_404(OwnQuestion.objects.owned_by(request.user), pk=pk)
    question.put_in_bin(at=timezone.now())
    messages.success(request, "Question removed", extra_tags=f"undo /journal/questions/{pk}/restore/")
    return redirect("journal:question_list")


@require_POST
def question_restore(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Bring a question back from the bin."""
    question = OwnQuestion.objects.in_bin_of(request.user).select_related("owner").filter(pk=pk).first()
    if question is None:  # brought back already, by a first press or in another tab
        get_object_or_404(OwnQuestion.objects.owned_by(request.user), pk=pk)
        return redirect("journal:question_list")
    try:
        wishes.bring_back(question=question)
    except wishes.TooManyQuestions as full:
        messages.error(request, str(full))
    else:
        messages.success(request, "Question is back")
    return redirect("journal:question_list")


@require_POST
def question_wish(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Ask for a question next (`ask`), leave it out (`leave`), or take that back (`clear`): each names a question."""
    wish = next((key for key in (*QuestionWish.Wish.values, "clear") if key in request.POST), "")
    name = request.POST.get(wish, "")
    if not wish or wishes.find_question(request.user, name) is None:
        raise Http404
    wish = "" if wish == "clear" else wish
    wishes.wish(owner=request.user, name=name, wish=wish, at=timezone.now())
    messages.success(request, SAID[wish])
    return redirect(f"{Chosen.read(request.GET).path()}#q-{name}")
