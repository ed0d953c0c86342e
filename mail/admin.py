from django.contrib import admin
from django.http import HttpRequest

from mail.models import Message


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

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Message | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Message | None = None) -> bool:
        return False
