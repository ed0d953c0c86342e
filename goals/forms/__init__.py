from goals.forms.goal import GoalForm, MoveForm, ShrinkForm
from goals.forms.milestones import MilestoneForm, MilestoneMoveForm, MilestoneRows
from goals.forms.state import CloseForm, PauseForm, RestForm
from goals.forms.steps import ProgressDeleteForm, ProgressEditForm, ProgressForm
from goals.forms.suggestion import SuggestionForm
from goals.forms.talk import CommentEditForm, CommentForm

__all__ = [
    "CloseForm",
    "CommentEditForm",
    "CommentForm",
    "GoalForm",
    "MilestoneForm",
    "MilestoneMoveForm",
    "MilestoneRows",
    "MoveForm",
    "PauseForm",
    "ProgressDeleteForm",
    "ProgressEditForm",
    "ProgressForm",
    "RestForm",
    "ShrinkForm",
    "SuggestionForm",
]
