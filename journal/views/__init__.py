from journal.views.comments import comment_add, comment_edit, comment_remove
from journal.views.entries import (
    entry_bin,
    entry_delete,
    entry_detail,
    entry_list,
    entry_restore,
    entry_share,
)
from journal.views.follow import entry_follow, goal_adjust, proposal_leave
from journal.views.marks import entry_star, tag_edit, tag_list
from journal.views.notes import entry_edit, entry_new
from journal.views.patterns import aim_choose, pattern_list
from journal.views.preview import entry_preview
from journal.views.questions import (
    question_edit,
    question_list,
    question_new,
    question_remove,
    question_restore,
    question_wish,
)
from journal.views.search import entry_search

__all__ = [
    "aim_choose",
    "comment_add",
    "comment_edit",
    "comment_remove",
    "entry_bin",
    "entry_delete",
    "entry_detail",
    "entry_edit",
    "entry_follow",
    "entry_list",
    "entry_new",
    "entry_preview",
    "entry_restore",
    "entry_search",
    "entry_share",
    "entry_star",
    "goal_adjust",
    "pattern_list",
    "proposal_leave",
    "question_edit",
    "question_list",
    "question_new",
    "question_remove",
    "question_restore",
    "question_wish",
    "tag_edit",
    "tag_list",
]
