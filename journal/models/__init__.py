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

__all__ = [
    "INTENTION_LENGTH",
    "AnswersField",
    "Entry",
    "EntryComment",
    "EntryQuerySet",
    "Intention",
    "IntentionQuerySet",
    "Period",
    "PeriodQuerySet",
]
