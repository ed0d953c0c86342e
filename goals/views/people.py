"""Whom of one's contacts a goal names, from both ends. For the owner alone: a reader of the goal gets 403."""

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.http import AuthenticatedHttpRequest
from contacts.finding import Search, people_of
from contacts.models import Contact
from core.htmx import toast
from goals.forms.people import ContactForm, GoalsForm
from goals.models import Goal
from goals.services.people import leave_contact, name_contact, set_goals
from goals.views.access import own_or_403

OFFERED = 8


@require_http_methods(["GET", "HEAD", "POST"])
def goal_people(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Show the contacts a goal names, find others (`?q=`), add one or take one out."""
    goal: Goal = own_or_403(Goal.objects, request.user, pk)
    problem = ""
    if request.method == "POST":
        form = ContactForm(request.POST, owner=request.user)
        if form.is_valid():
            contact, is_out = form.cleaned_data["contact"], "remove" in request.POST
            try:
                (leave_contact if is_out else name_contact)(goal=goal, contact=contact, by=request.user)
            except ValidationError as error:
                problem = " ".join(error.messages)
            else:
                words = f"{contact.name} taken out" if is_out else f"{contact.name} added"
                return toast(request, redirect("goals:goal_people", pk=goal.pk), words)
        else:
            problem = "That person is no longer among your contacts."
    named = list(goal.contacts.owned_by(request.user).order_by("sort_name", "pk"))
    search = Search(q=Search.read(request.GET).q)
    found = people_of(search, request.user, today=request.user.today(timezone.now()))
    offered = [one for one in found.rows if one not in named][:OFFERED]
    context = {"goal": goal, "named": named, "search": search, "offered": offered, "problem": problem}
    return render(request, "goals/goal_people.html", context, status=422 if problem else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def contact_goals(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Choose the goals that somebody helps with, from the page of that person."""
    contact = get_object_or_404(Contact.objects.editable_by(request.user), pk=pk)
    form = GoalsForm(request.POST if request.method == "POST" else None, owner=request.user, contact=contact)
    if request.method == "POST" and form.is_valid():
        try:
            set_goals(contact=contact, wanted=form.cleaned_data["goals"], shown=form.shown, by=request.user)
        except ValidationError as error:
            form.add_error("goals", error)
        else:
            return toast(request, redirect(contact), "Goals saved")
    status = 422 if form.errors else 200
    return render(request, "goals/contact_goals.html", {"contact": contact, "form": form}, status=status)
