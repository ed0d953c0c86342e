"""What staff see of goals: that they are there. Titles, reasons, notes and comments are the owners' own."""

from django.contrib import admin
from django.http import HttpRequest

from goals.models import Goal


@admin.register(Goal)
class GoalAdmin(admin.ModelAdmin):
    """States and dates without a word of text; nothing can be changed."""

    list_display = ("pk", "owner_id", "status", "measure", "starts_on", "due_on", "updated_at", "deleted_at")
    list_filter = ("status", "measure")
    fields = ("owner_id", "status", "measure", "starts_on", "due_on", "created_at", "updated_at", "deleted_at")
    readonly_fields = fields
    show_full_result_count = False
    ordering = ("-pk",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Goal | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Goal | None = None) -> bool:
        return False
