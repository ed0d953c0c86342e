from wins.views.comments import comment_add, comment_edit, comment_remove
from wins.views.pages import (
    win_bin,
    win_delete,
    win_detail,
    win_edit,
    win_list,
    win_new,
    win_restore,
    win_share,
    win_star,
)

__all__ = [
    "comment_add",
    "comment_edit",
    "comment_remove",
    "win_bin",
    "win_delete",
    "win_detail",
    "win_edit",
    "win_list",
    "win_new",
    "win_restore",
    "win_share",
    "win_star",
]
