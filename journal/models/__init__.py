from journal.models.about import EntryGoal
from journal.models.entry import (
    INTENTION_LENGTH,
    AnswersField,
    Entry,
    EntryComment,
    EntryQuerySet,
    Intention,
    IntentionQuerySet,
    Period,
    PeriodQuerySet,
)
from journal.models.mailed import MailedAnswer

__all__ = [
    "INTENTION_LENGTH",
    "AnswersField",
    "Entry",
    "EntryComment",
    "EntryGoal",
    "EntryQuerySet",
    "Intention",
    "IntentionQuerySet",
    "MailedAnswer",
    "Period",
    "PeriodQuerySet",
]
