from django.contrib import admin

from mentors.models import Invitation


@admin.register(Invitation)
class InvitationAdmin(admin.ModelAdmin):
    """Who asked whom and how it ended: for questions about mail. No words, no goals, no links."""

    list_display = ["created_at", "sender", "email", "kind", "state", "expires_at"]
    list_filter = ["state", "kind"]
    search_fields = ["email", "sender__email"]
    fields = ["sender", "email", "kind", "state", "created_at", "expires_at", "closed_at", "mailed_at"]
    readonly_fields = ["sender", "email", "kind", "state", "created_at", "expires_at", "closed_at", "mailed_at"]
    view_on_site = False

    def has_add_permission(self, request: object) -> bool:
        return False

    def has_change_permission(self, request: object, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: object, obj: object = None) -> bool:
        return False
