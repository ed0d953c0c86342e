import logging
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from mail import health, outbox
from mail.models import Message

logger = logging.getLogger(__name__)


@admin.register(Message)
class MessageAdmin(admin.ModelAdmin):
    """The outbox as operators see it: what happened to which mail, and nothing of what it said."""

    list_display = ("id", "kind", "to", "state", "reason", "tries", "deaths", "queued_at", "not_before", "finished_at")
    list_filter = ("state", "kind")
    search_fields = ("=to", "=message_id")
    ordering = ("-pk",)
    show_full_result_count = False  # it would count the whole table
    fields = (
        "kind", "to", "state", "reason", "tries", "deaths", "message_id", "queued_at", "not_before", "expires_at",
        "finished_at", "lease_until",
    )  # fmt: skip
    readonly_fields = fields
    change_list_template = "admin/mail/message_list.html"

    def get_urls(self) -> list[Any]:
        """Add the page on which operators see how mail is doing."""
        page = self.admin_site.admin_view(require_http_methods(["GET", "HEAD", "POST"])(self.mail_health))
        return [path("health/", page, name="mail_health"), *super().get_urls()]

    def mail_health(self, request: HttpRequest) -> HttpResponse:
        """Show how mail is doing; POST holds it back or lets it go, for those who may change the outbox."""
        may_change = request.user.has_perm("mail.change_outboxstate")
        if not self.has_view_permission(request) or (request.method == "POST" and not may_change):
            raise PermissionDenied
        if request.method == "POST":
            return self._set_flow(request)
        context = self.admin_site.each_context(request) | {
            "title": "How mail is doing",
            "health": health.look(now=timezone.now()),
            "opts": self.opts,
            "may_change": may_change,
            "ends": [state.label for state in health.ENDS],
        }
        return render(request, "admin/mail/health.html", context)

    def _set_flow(self, request: HttpRequest) -> HttpResponse:
        """Pause or resume, and say so; anything else changes nothing."""
        with transaction.atomic():
            if "pause" in request.POST:
                outbox.pause(f"by operator {request.user.pk} on the admin page")
                messages.warning(request, "Mail is paused. What is queued stays queued.")
            elif "resume" in request.POST:
                outbox.resume()
                logger.warning("The outbox was resumed by operator %s.", request.user.pk)
                messages.success(request, "Mail flows again. What waits is sent within a minute.")
        return redirect("admin:mail_health")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Message | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Message | None = None) -> bool:
        return False
