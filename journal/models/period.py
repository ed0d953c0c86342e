"""Weeks and months, as somebody is asked about them."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Value

from accounts.models import User
from core.timekeeping import period_bounds
from journal.questions.asked import AskedField


class PeriodQuerySet(models.QuerySet["Period"]):
    def owned_by(self, user: User) -> Self:
        return self.filter(owner=user)

    def weeks(self) -> Self:
        return self.filter(kind="week")

    def skipped(self) -> Self:
        return self.filter(state="skipped")

    def done_with(self) -> Self:
        """Those whose reflection is finished, and those left out on purpose."""
        from journal.models.entry import Entry  # an entry names its period

        finished = Entry.objects.alive().finished().filter(period=OuterRef("pk"))
        return self.filter(Q(state="skipped") | Exists(finished))

    def between(self, first_key: str, last_key: str) -> Self:
        """Periods from one key to another, both included; keys of one kind sort like the calendar."""
        return self.filter(key__gte=first_key, key__lte=last_key)

    def open_before(self, *, week: str, month: str) -> Self:
        """Weeks and months nobody wrote about, older than these keys: the ones housekeeping closes."""
        is_past = Q(kind="week", key__lt=week) | Q(kind="month", key__lt=month)
        return self.filter(is_past, state="open")


class Period(models.Model):
    """One person's week (or month) of reflection, with the questions it was asked. Made when first prompted or written.

    The key is the ISO week or the month in the owner's zone, so a changed prompt day or zone never asks twice about it.
    """

    class Kind(models.TextChoices):
        WEEK = "week", "Week"
        MONTH = "month", "Month"

    class State(models.TextChoices):
        OPEN = "open", "Open"
        WRITTEN = "written", "Written"
        SKIPPED = "skipped", "Skipped"
        AWAY = "away", "Away"
        MISSED = "missed", "Left blank"

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="periods")
    kind = models.CharField(max_length=5, choices=Kind, default=Kind.WEEK)
    key = models.CharField(max_length=8)
    state = models.CharField(max_length=7, choices=State, default=State.OPEN)
    questions = AskedField(default=list)
    # Ids of questions that were exchanged for another one.
    aside = models.JSONField(default=list, db_default=Value([], models.JSONField()))

    objects = PeriodQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_once_per_owner",
                fields=["owner", "kind", "key"],
                violation_error_message="This week or month is in your journal already.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_key_fits_kind",
                condition=Q(kind="week", key__regex=r"^[0-9]{4}-W[0-5][0-9]$")
                | Q(kind="month", key__regex=r"^[0-9]{4}-(0[1-9]|1[0-2])$"),
                violation_error_message="A week is written like 2026-W47, a month like 2026-11.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_known_state",
                condition=Q(state__in=["open", "written", "skipped", "away", "missed"]),
                violation_error_message="A week or month is open, written, skipped, away or left blank.",
            ),
        ]
        indexes = [models.Index(fields=["key"], name="journal_period_open", condition=Q(state="open"))]
        ordering = ["-key", "-pk"]

    def __str__(self) -> str:
        return f"{self.owner}: {self.key}"

    def get_absolute_url(self) -> str:
        return f"/journal/write/?{self.kind}={self.key}"

    @property
    def days(self) -> tuple[date, date]:
        """The Monday and the Sunday of a week, the first and the last of a month."""
        return period_bounds(self.key)

    def settle(self, *, has_words: bool) -> None:
        """Count it as written once anything stands in it, and open again once everything was taken out."""
        if has_words:
            self._become(self.State.WRITTEN)
        elif self.state == self.State.WRITTEN:
            self._become(self.State.OPEN)

    def skip(self) -> None:
        """Leave it out on purpose. It can still be written."""
        if self.state != self.State.WRITTEN:
            self._become(self.State.SKIPPED)

    def _become(self, state: str) -> None:
        if self.state != state:
            self.state = state
            self.save(update_fields=["state"])
