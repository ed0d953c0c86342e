from mentors.models.invitation import MAX_MESSAGE_LENGTH, MAX_NOTE_LENGTH, OPEN_FOR, Invitation, mask_email
from mentors.models.profile import Profile
from mentors.models.relation import Farewell, Seen

__all__ = [
    "MAX_MESSAGE_LENGTH",
    "MAX_NOTE_LENGTH",
    "OPEN_FOR",
    "Farewell",
    "Invitation",
    "Profile",
    "Seen",
    "mask_email",
]
