from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.http import AuthenticatedHttpRequest
from goals.starters import GROUPS


@require_safe
def goal_starters(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Show the starting points, each with a line on whom it is for."""
    return render(request, "goals/goal_starters.html", {"groups": GROUPS})
