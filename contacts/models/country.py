"""The country somebody's numbers are from where they are written without its code."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


class HomeCountryQuerySet(models.QuerySet["HomeCountry"]):
    def owned_by(self, user: "User | AnonymousUser") -> Self:
        return self.filter(owner_id=user.pk)

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        return self.owned_by(user)


class HomeCountry(models.Model):
    """What a person's numbers without a country code are taken to be; it stays when they travel to another time zone."""

    owner = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="contacts_country")
    # Two letters (ISO 3166); empty where none is to be assumed.
    code = models.CharField("country", max_length=2, blank=True)
    is_guess = models.BooleanField(default=True)  # from the time zone, until its owner chose

    objects = HomeCountryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_guesses_something",
                condition=~models.Q(code="", is_guess=True),
                violation_error_message="A guess names a country.",
            )
        ]

    def __str__(self) -> str:
        return f"home country {self.pk}"
