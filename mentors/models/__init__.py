from mentors.models.agreement import MAX_ANSWER_DAYS, MAX_MINUTES, MAX_WORDS, MIN_MINUTES, Agreement, Review, half_way
from mentors.models.invitation import MAX_MESSAGE_LENGTH, MAX_NOTE_LENGTH, OPEN_FOR, Invitation, mask_email
from mentors.models.profile import Profile
from mentors.models.relation import Farewell, Seen
from mentors.models.request import AFTER_A_NO, Request, RequestMessage, RequestRefused

__all__ = [
    "AFTER_A_NO",
    "MAX_ANSWER_DAYS",
    "MAX_MESSAGE_LENGTH",
    "MAX_MINUTES",
    "MAX_NOTE_LENGTH",
    "MAX_WORDS",
    "MIN_MINUTES",
    "OPEN_FOR",
    "Agreement",
    "Farewell",
    "Invitation",
    "Profile",
    "Request",
    "RequestMessage",
    "RequestRefused",
    "Review",
    "Seen",
    "half_way",
    "mask_email",
]
