from django.conf import settings
from django.db import models
from django.db.models import F, Q

from goals.models.steps import OfGoalQuerySet


class RevisionQuerySet(OfGoalQuerySet):
    def newest_first(self) -> "RevisionQuerySet":
        return self.order_by("-changed_at", "-pk")

    def with_suggester(self) -> "RevisionQuerySet":
        return self.select_related("suggested_by")

    def progress_taken_out(self) -> "RevisionQuerySet":
        """What was deleted from a log; `old` says it so that it can be brought back."""
        return self.filter(field="progress", new="")

    def with_words(self) -> "RevisionQuerySet":
        """Entries of a log that still have their note, which stands behind a colon."""
        return self.filter(old__contains=": ")


class Revision(models.Model):
    """One change of one field of a goal, with the reason its owner gave. Rows are written once and never changed.

    `old` and `new` are plain texts: ISO days, numbers without spaces, status codes, words as they were.
    """

    class Field(models.TextChoices):
        TITLE = "title", "Wording"
        WHY = "why", "Why"
        ACHIEVABLE = "achievable", "What makes it possible"
        MEASURE = "measure", "How it is measured"
        UNIT = "unit", "What is counted"
        START_VALUE = "start_value", "Start"
        TARGET_VALUE = "target_value", "Target"
        STARTS_ON = "starts_on", "First day"
        DUE_ON = "due_on", "Date"
        STATUS = "status", "State"
        MILESTONE = "milestone", "Milestone"
        EVIDENCE = "evidence", "What will show it"
        HOURS = "hours_a_week", "Hours a week"
        IMPORTANCE = "importance", "How much it matters"
        PROGRESS = "progress", "Something logged"
        REST = "rest", "Rest"

    goal = models.ForeignKey("goals.Goal", models.CASCADE, related_name="revisions")
    field = models.CharField(max_length=12, choices=Field)
    old = models.TextField(blank=True)
    new = models.TextField(blank=True)
    reason = models.TextField(max_length=2000, blank=True)
    # Whose suggestion the owner took up here; empty for the owner's own ideas.
    suggested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    # Stays when that account is gone: the reason is then still a mentor's words, which other readers never see.
    was_suggested = models.BooleanField(default=False)
    changed_at = models.DateTimeField()

    objects = RevisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_changes_something",
                condition=~Q(old=F("new")),
                violation_error_message="Nothing changed.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_suggestion_is_marked",
                condition=Q(suggested_by=None) | Q(was_suggested=True),
                violation_error_message="A change that somebody suggested is marked as such.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_field_known",
                condition=Q(
                    field__in=[
                        "title",
                        "why",
                        "achievable",
                        "measure",
                        "unit",
                        "start_value",
                        "target_value",
                        "starts_on",
                        "due_on",
                        "status",
                        "milestone",
                        "evidence",
                        "hours_a_week",
                        "importance",
                        "progress",
                        "rest",
                    ]
                ),
                violation_error_message="History does not keep this.",
            ),
        ]
        indexes = [models.Index(fields=["goal", "-changed_at", "-id"], name="goals_revision_newest")]

    def __str__(self) -> str:
        return f"change {self.pk} of {self.field}"
