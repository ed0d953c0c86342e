from mentors.views.agreement import (
    agreement_accept,
    agreement_decline,
    agreement_detail,
    agreement_edit,
    agreement_withdraw,
)
from mentors.views.blocks import (
    block_list,
    block_remove,
)
from mentors.views.checkins import (
    checkin_cancel,
    checkin_detail,
    checkin_list,
    checkin_log,
    checkin_missed,
    checkin_move,
    checkin_new,
    checkin_pick,
)
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
from mentors.views.lists import (
    mentor_list,
)
from mentors.views.looking import agreement_extend, agreement_keep, agreement_review
from mentors.views.minutes import (
    action_tick,
    checkin_after,
    checkin_note,
    point_new,
    point_remove,
    point_tick,
)
from mentors.views.private_notes import private_notes
from mentors.views.relation import (
    mentorship_block,
    mentorship_detail,
    mentorship_end,
    mentorship_pause,
    mentorship_resume,
)
from mentors.views.request_answers import (
    request_accept,
    request_ask,
    request_block,
    request_decline,
)
from mentors.views.request_pages import (
    request_detail,
)
from mentors.views.requests import (
    request_answer,
    request_discard,
    request_draft,
    request_new,
    request_send,
    request_withdraw,
)

__all__ = [
    "action_tick",
    "agreement_accept",
    "agreement_decline",
    "agreement_detail",
    "agreement_edit",
    "agreement_extend",
    "agreement_keep",
    "agreement_review",
    "agreement_withdraw",
    "block_list",
    "block_remove",
    "checkin_after",
    "checkin_cancel",
    "checkin_detail",
    "checkin_list",
    "checkin_log",
    "checkin_missed",
    "checkin_move",
    "checkin_new",
    "checkin_note",
    "checkin_pick",
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
    "point_new",
    "point_remove",
    "point_tick",
    "private_notes",
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
