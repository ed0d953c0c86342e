from mentors.models.agreement import MAX_ANSWER_DAYS, MAX_MINUTES, MAX_WORDS, MIN_MINUTES, Agreement, Review, half_way
from mentors.models.invitation import MAX_MESSAGE_LENGTH, MAX_NOTE_LENGTH, OPEN_FOR, Invitation, mask_email
from mentors.models.profile import Profile
from mentors.models.relation import Farewell, Seen

__all__ = [
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
    "Review",
    "Seen",
    "half_way",
    "mask_email",
]
