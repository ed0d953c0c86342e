"""What people want and do not want."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import User
from mail.registry import PREFERENCES


class PreferenceQuerySet(models.QuerySet["Preference"]):
    def for_user(self, user: User) -> dict[str, bool]:
        """Return every switch of a person, on unless they turned it off."""
        return dict.fromkeys(PREFERENCES, True) | dict(self.filter(user=user).values_list("kind", "is_on"))


class Preference(models.Model):
    """A switch that a person touched: whether they want mails of one kind. No row means yes."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mail_preferences")
    kind = models.CharField(max_length=10, choices=list(PREFERENCES.items()))
    is_on = models.BooleanField()
    changed_at = models.DateTimeField()

    objects = PreferenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind"],
                name="%(app_label)s_%(class)s_once",
                violation_error_message="This switch is set already.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_known_kind",
                condition=Q(kind__in=sorted(PREFERENCES)),
                violation_error_message="There is no such kind of mail.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.kind} {'on' if self.is_on else 'off'}"
