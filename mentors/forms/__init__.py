from mentors.forms.agreement import (
    CONFIDENTIALITY,
    STOPPING,
    AgreementDeclineForm,
    AgreementForm,
    ExtendForm,
)
from mentors.forms.checkin import (
    AdviceNoteForm,
    AfterForm,
    NoteForm,
    PastForm,
    PointForm,
    ProposalForm,
)
from mentors.forms.ending import (
    HandoverForm,
    LookBackForm,
    ThankForm,
)
from mentors.forms.giving import (
    OfferForm,
    ThanksForm,
)
from mentors.forms.introduction import (
    IntroductionForm,
)
from mentors.forms.invitation import (
    DeclineForm,
    InvitationForm,
    offered_goals,
)
from mentors.forms.profile import (
    ProfileForm,
    SlotForm,
)
from mentors.forms.relation import (
    EndForm,
    PauseForm,
    PrivateNoteForm,
)
from mentors.forms.report import (
    ReportForm,
)
from mentors.forms.request import (
    AcceptForm,
    DeclineRequestForm,
    MessageForm,
    RequestForm,
)

__all__ = [
    "CONFIDENTIALITY",
    "STOPPING",
    "AcceptForm",
    "AdviceNoteForm",
    "AfterForm",
    "AgreementDeclineForm",
    "AgreementForm",
    "DeclineForm",
    "DeclineRequestForm",
    "EndForm",
    "ExtendForm",
    "HandoverForm",
    "IntroductionForm",
    "InvitationForm",
    "LookBackForm",
    "MessageForm",
    "NoteForm",
    "OfferForm",
    "PastForm",
    "PauseForm",
    "PointForm",
    "PrivateNoteForm",
    "ProfileForm",
    "ProposalForm",
    "ReportForm",
    "RequestForm",
    "SlotForm",
    "ThankForm",
    "ThanksForm",
    "offered_goals",
]
