from goals.views.check import goal_check, goal_new_check
from goals.views.comments import comment_edit, comment_new, comment_remove, comment_thanks
from goals.views.detail import goal_detail, goal_history, goal_log, goal_print
from goals.views.drafts import draft_drop, goal_draft, goal_new_draft
from goals.views.edit import goal_edit, goal_move, goal_new, goal_shrink
from goals.views.lists import goal_bin, goal_list
from goals.views.milestones import (
    milestone_edit,
    milestone_move,
    milestone_new,
    milestone_order,
    milestone_remove,
    milestone_restore,
    milestone_tick,
)
from goals.views.people import contact_goals, goal_people
from goals.views.progress import progress_delete, progress_edit, progress_new, progress_restore, progress_seen
from goals.views.rests import goal_rests, rest_remove
from goals.views.share import goal_share
from goals.views.starters import goal_starters
from goals.views.state import goal_close, goal_delete, goal_pause, goal_reopen, goal_restore, goal_resume
from goals.views.suggestions import suggestion_accept, suggestion_decline

__all__ = [
    "comment_edit",
    "comment_new",
    "comment_remove",
    "comment_thanks",
    "contact_goals",
    "draft_drop",
    "goal_bin",
    "goal_check",
    "goal_close",
    "goal_delete",
    "goal_detail",
    "goal_draft",
    "goal_edit",
    "goal_history",
    "goal_list",
    "goal_log",
    "goal_move",
    "goal_new",
    "goal_new_check",
    "goal_new_draft",
    "goal_pause",
    "goal_people",
    "goal_print",
    "goal_reopen",
    "goal_restore",
    "goal_rests",
    "goal_resume",
    "goal_share",
    "goal_shrink",
    "goal_starters",
    "milestone_edit",
    "milestone_move",
    "milestone_new",
    "milestone_order",
    "milestone_remove",
    "milestone_restore",
    "milestone_tick",
    "progress_delete",
    "progress_edit",
    "progress_new",
    "progress_restore",
    "progress_seen",
    "rest_remove",
    "suggestion_accept",
    "suggestion_decline",
]
