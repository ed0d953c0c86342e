from mentors.models.advice import Advice, AdviceNote
from mentors.models.agreement import (
    END_ASKED_BEFORE,
    MAX_ANSWER_DAYS,
    MAX_MINUTES,
    MAX_STAMP_LENGTH,
    MAX_WORDS,
    MIN_MINUTES,
    Agreement,
    AgreementDraft,
    Review,
    half_way,
)
from mentors.models.checkin import (
    STEPS,
    CheckIn,
    ProposedTime,
    Repeat,
    StepRefused,
)
from mentors.models.ending import MAX_HANDOVER, MAX_LOOK_BACK, Handover, LookBack
from mentors.models.giving import MAX_OFFER_LENGTH, MAX_THANKS_LENGTH, Offer, Thanks
from mentors.models.introduction import (
    INTRODUCTION_OPEN_FOR,
    INTRODUCTION_STEPS,
    MAX_INTRODUCTION_LENGTH,
    MAX_WHO_LENGTH,
    Introduction,
    IntroductionClosed,
)
from mentors.models.invitation import (
    MAX_MESSAGE_LENGTH,
    MAX_NOTE_LENGTH,
    OPEN_FOR,
    Invitation,
    mask_email,
)
from mentors.models.mark import Mark
from mentors.models.minutes import (
    Action,
    AgendaPoint,
    Note,
)
from mentors.models.private_note import MAX_PRIVATE_NOTE_LENGTH, PrivateNote
from mentors.models.profile import Profile
from mentors.models.relation import Farewell, Seen
from mentors.models.report import Report
from mentors.models.request import AFTER_A_NO, REMIND_AFTER, Request, RequestMessage, RequestRefused
from mentors.models.slot import Slot
from mentors.models.word import Word

__all__ = [
    "AFTER_A_NO",
    "END_ASKED_BEFORE",
    "INTRODUCTION_OPEN_FOR",
    "INTRODUCTION_STEPS",
    "MAX_ANSWER_DAYS",
    "MAX_HANDOVER",
    "MAX_INTRODUCTION_LENGTH",
    "MAX_LOOK_BACK",
    "MAX_MESSAGE_LENGTH",
    "MAX_MINUTES",
    "MAX_NOTE_LENGTH",
    "MAX_OFFER_LENGTH",
    "MAX_PRIVATE_NOTE_LENGTH",
    "MAX_STAMP_LENGTH",
    "MAX_THANKS_LENGTH",
    "MAX_WHO_LENGTH",
    "MAX_WORDS",
    "MIN_MINUTES",
    "OPEN_FOR",
    "REMIND_AFTER",
    "STEPS",
    "Action",
    "Advice",
    "AdviceNote",
    "AgendaPoint",
    "Agreement",
    "AgreementDraft",
    "CheckIn",
    "Farewell",
    "Handover",
    "Introduction",
    "IntroductionClosed",
    "Invitation",
    "LookBack",
    "Mark",
    "Note",
    "Offer",
    "PrivateNote",
    "Profile",
    "ProposedTime",
    "Repeat",
    "Report",
    "Request",
    "RequestMessage",
    "RequestRefused",
    "Review",
    "Seen",
    "Slot",
    "StepRefused",
    "Thanks",
    "Word",
    "half_way",
    "mask_email",
]
