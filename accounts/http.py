from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.models import User


class AuthenticatedHttpRequest(HttpRequest):
    """What a view behind LoginRequiredMiddleware is given."""

    user: User
    htmx: HtmxDetails
