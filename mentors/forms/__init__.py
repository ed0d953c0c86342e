from mentors.forms.agreement import CONFIDENTIALITY, STOPPING, AgreementDeclineForm, AgreementForm, ExtendForm
from mentors.forms.invitation import DeclineForm, InvitationForm, offered_goals
from mentors.forms.relation import EndForm, PauseForm

__all__ = [
    "CONFIDENTIALITY",
    "STOPPING",
    "AgreementDeclineForm",
    "AgreementForm",
    "DeclineForm",
    "EndForm",
    "ExtendForm",
    "InvitationForm",
    "PauseForm",
    "offered_goals",
]
