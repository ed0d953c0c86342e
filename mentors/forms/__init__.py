from mentors.forms.invitation import DeclineForm, InvitationForm, offered_goals
from mentors.forms.relation import EndForm, PauseForm

__all__ = ["DeclineForm", "EndForm", "InvitationForm", "PauseForm", "offered_goals"]
