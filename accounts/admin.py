from typing import Any

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.models import Group
from django.http import HttpRequest

from accounts.models import Break, Erasure, User

# Tokens, keys and devices are nobody's to browse; single sign-on is set in the environment.
for _model in (
    EmailAddress,
    EmailConfirmation,
    Authenticator,
    SocialAccount,
    SocialApp,
    SocialToken,
    UserSession,
    Group,
):
    if admin.site.is_registered(_model):
        admin.site.unregister(_model)


class ReadOnly:
    """Rows that staff may look at and nothing else."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class EmailAddressInline(ReadOnly, admin.TabularInline):
    model = EmailAddress
    fields = ["email", "verified", "primary"]
    extra = 0


class BreakInline(admin.TabularInline):
    model = Break
    extra = 0


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    """People as an operator sees them: who they are and whether they may enter, nothing they wrote.

    Passwords are reset by their owners, second factors by `manage.py reset_second_factor`, and accounts are closed by
    their owners or with "active"; so there is no password field, no "add" and no "delete".
    """

    list_display = ["email", "name", "date_joined", "last_login", "is_active", "is_staff", "deletion_asked_at"]
    list_filter = ["is_active", "is_staff"]
    search_fields = ["email", "name"]
    ordering = ["-date_joined", "-pk"]
    fields = [
        "email",
        "name",
        "time_zone",
        "language",
        ("is_active", "is_staff", "is_superuser"),
        ("date_joined", "last_login", "deletion_asked_at", "second_factor"),
    ]
    readonly_fields = ["email", "date_joined", "last_login", "deletion_asked_at", "second_factor"]
    inlines = [EmailAddressInline, BreakInline]

    @admin.display(description="second factor", boolean=True)
    def second_factor(self, user: User) -> bool:
        return Authenticator.objects.filter(user=user).exists()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        """Nobody takes their own rights away by mistake, and only a superuser gives rights."""
        fields = list(self.readonly_fields)
        if not request.user.is_superuser or (obj and obj.pk == request.user.pk):
            fields += ["is_active", "is_staff", "is_superuser"]
        return fields

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's
        super().save_model(request, obj, form, change)
        if "is_active" in form.changed_data and not obj.is_active:
            obj.sign_out_everywhere()


@admin.register(Erasure)
class ErasureAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["erased_at", "digest"]
