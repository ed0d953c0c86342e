"""What members tell the operator about other members."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import User

MAX_REPORT_LENGTH = 2000


class ReportQuerySet(models.QuerySet["Report"]):
    def owned_by(self, user: User) -> Self:
        """What this person told the operator."""
        return self.filter(reporter=user)

    def since(self, moment: datetime) -> Self:
        return self.filter(created_at__gte=moment)


class Report(models.Model):
    """A member's word to the operator about a person, and on which thing they met them.

    The thing is named by kind and number only: nothing of its text is copied, so the operator reads what the reporter
    wrote here and not what was written in confidence (a comment, a request).
    """

    class Kind(models.TextChoices):
        UNKIND = "unkind", "Insults, threats or pressure"
        UNWANTED = "unwanted", "Advances or questions that do not belong here"
        SELLING = "selling", "Wants money or sells something"
        FALSE = "false", "Is not who they say they are"
        OTHER = "other", "Something else"

    reporter = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="reports_made")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="reports_about")
    about = models.CharField(max_length=20)  # a name of mentors.services.report.REPORTABLE
    about_id = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=8, choices=Kind)
    words = models.TextField("what happened", max_length=MAX_REPORT_LENGTH)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField("done", null=True, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_not_self",
                condition=Q(reporter=None) | ~Q(reporter=F("person")),
                violation_error_message="You cannot report yourself.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_has_words",
                condition=~Q(words=""),
                violation_error_message="Say what happened.",
            ),
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_once_while_open",
                fields=["reporter", "about", "about_id"],
                condition=Q(closed_at=None),
                violation_error_message="You have reported this already. It is with the people who run this server.",
            ),
        ]
        indexes = [models.Index(fields=["-created_at", "-id"], name="mentors_report_newest")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.created_at:%Y-%m-%d}"
