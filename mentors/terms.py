"""What two people can agree on: how often, by which way, for how long. Requests, agreements and check-ins use it."""

import calendar
from datetime import date

from django.db import models


class Rhythm(models.IntegerChoices):
    """How often the two mean to be in touch, in days."""

    WEEKLY = 7, "Every week"
    FORTNIGHTLY = 14, "Every 2 weeks"
    MONTHLY = 30, "Every month"
    QUARTERLY = 91, "Every 3 months"


class Channel(models.TextChoices):
    """By which way they talk."""

    VIDEO = "video", "Video call"
    PHONE = "phone", "Phone"
    WRITING = "writing", "In writing"
    IN_PERSON = "person", "In person"


class Term(models.IntegerChoices):
    """For how long, in months; open means until one of them ends it."""

    OPEN = 0, "Open"
    THREE_MONTHS = 3, "3 months"
    SIX_MONTHS = 6, "6 months"
    A_YEAR = 12, "A year"


def months_after(day: date, months: int) -> date:
    """Return the same day so many months later; the last of the month where that month has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
