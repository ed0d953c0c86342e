from goals.models.comment import GoalComment, Suggestion
from goals.models.draft import FormDraft
from goals.models.goal import Goal
from goals.models.revision import Revision
from goals.models.steps import Milestone, ProgressUpdate, Rest, Seen

__all__ = ["FormDraft", "Goal", "GoalComment", "Milestone", "ProgressUpdate", "Rest", "Revision", "Seen", "Suggestion"]
