from mentors.views.agreement import (
    agreement_accept,
    agreement_decline,
    agreement_detail,
    agreement_edit,
    agreement_withdraw,
)
from mentors.views.blocks import block_list, block_remove
from mentors.views.invitations import (
    invitation_accept,
    invitation_block,
    invitation_decline,
    invitation_detail,
    invitation_new,
    invitation_resend,
    invitation_stop,
    invitation_withdraw,
)
from mentors.views.lists import mentor_list
from mentors.views.relation import (
    mentorship_block,
    mentorship_detail,
    mentorship_end,
    mentorship_pause,
    mentorship_resume,
)

__all__ = [
    "agreement_accept",
    "agreement_decline",
    "agreement_detail",
    "agreement_edit",
    "agreement_withdraw",
    "block_list",
    "block_remove",
    "invitation_accept",
    "invitation_block",
    "invitation_decline",
    "invitation_detail",
    "invitation_new",
    "invitation_resend",
    "invitation_stop",
    "invitation_withdraw",
    "mentor_list",
    "mentorship_block",
    "mentorship_detail",
    "mentorship_end",
    "mentorship_pause",
    "mentorship_resume",
]
