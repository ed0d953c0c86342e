from goals.models.comment import GoalComment
from goals.models.goal import Goal
from goals.models.revision import Revision
from goals.models.steps import Milestone, ProgressUpdate

__all__ = ["Goal", "GoalComment", "Milestone", "ProgressUpdate", "Revision"]
