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
from mentors.views.request_answers import request_accept, request_ask, request_block, request_decline
from mentors.views.request_pages import request_detail
from mentors.views.requests import (
    request_answer,
    request_discard,
    request_draft,
    request_new,
    request_send,
    request_withdraw,
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
    "request_accept",
    "request_answer",
    "request_ask",
    "request_block",
    "request_decline",
    "request_detail",
    "request_discard",
    "request_draft",
    "request_new",
    "request_send",
    "request_withdraw",
]
