"""What people do with goals. Each function is one transaction; history and mails are rows written in it."""

from goals.services.goal import (
    BIN_DAYS,
    KEPT_FIELDS,
    MilestoneChanges,
    add_goal,
    change_goal,
    delete_goal,
    erase_old_bins,
    restore_goal,
    share_goal,
)
from goals.services.progress import change_progress, delete_progress, erase_old_words, log_progress, restore_progress
from goals.services.state import (
    add_rest,
    close_goal,
    pause_goal,
    remove_rest,
    reopen_goal,
    resume_goal,
    reword_ending,
    start_goal,
)
from goals.services.steps import (
    MAX_MILESTONES,
    add_milestone,
    change_milestone,
    remove_milestone,
    tick_milestone,
)
from goals.services.suggestions import (
    accept_suggestion,
    check_suggestion,
    decline_suggestion,
    may_suggest,
    was_of,
)
from goals.services.talk import comment_on_goal, edit_comment, remove_comment

__all__ = [
    "BIN_DAYS",
    "KEPT_FIELDS",
    "MAX_MILESTONES",
    "MilestoneChanges",
    "accept_suggestion",
    "add_goal",
    "add_milestone",
    "add_rest",
    "change_goal",
    "change_milestone",
    "change_progress",
    "check_suggestion",
    "close_goal",
    "comment_on_goal",
    "decline_suggestion",
    "delete_goal",
    "delete_progress",
    "edit_comment",
    "erase_old_bins",
    "erase_old_words",
    "log_progress",
    "may_suggest",
    "pause_goal",
    "remove_comment",
    "remove_milestone",
    "remove_rest",
    "reopen_goal",
    "restore_goal",
    "restore_progress",
    "resume_goal",
    "reword_ending",
    "share_goal",
    "start_goal",
    "tick_milestone",
    "was_of",
]
