from django.contrib import admin

from mentors.models import Invitation, Report


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


@admin.register(Report)
class ReportAdmin(admin.ModelAdmin):
    """Who told what about whom, in the words of the report alone; nothing of the thing it is about."""

    list_display = ["created_at", "kind", "person", "reporter", "about", "closed_at"]
    list_filter = [("closed_at", admin.EmptyFieldListFilter), "kind"]
    search_fields = ["person__email", "reporter__email"]
    list_select_related = ["person", "reporter"]
    show_full_result_count = False
    fields = ["created_at", "kind", "person", "reporter", "about", "about_id", "words", "closed_at"]
    readonly_fields = ["created_at", "kind", "person", "reporter", "about", "about_id", "words"]
    view_on_site = False

    def has_add_permission(self, request: object) -> bool:
        return False

    def has_delete_permission(self, request: object, obj: object = None) -> bool:
        return False
