from journal.models.about import EntryGoal
from journal.models.aim import WeeklyAim
from journal.models.entry import AnswersField, Entry, EntryComment, EntryQuerySet
from journal.models.intention import INTENTION_LENGTH, Intention, IntentionQuerySet
from journal.models.mailed import MailedAnswer
from journal.models.outcome import Outcome, Proposal
from journal.models.period import Period, PeriodQuerySet
from journal.models.question import MAX_OWN, OWN_LENGTH, OwnQuestion, QuestionWish

__all__ = [
    "INTENTION_LENGTH",
    "MAX_OWN",
    "OWN_LENGTH",
    "AnswersField",
    "Entry",
    "EntryComment",
    "EntryGoal",
    "EntryQuerySet",
    "Intention",
    "IntentionQuerySet",
    "MailedAnswer",
    "Outcome",
    "OwnQuestion",
    "Period",
    "PeriodQuerySet",
    "Proposal",
    "QuestionWish",
    "WeeklyAim",
]
