"""People one knows: who they are, when one was last in touch, and what was promised. Never shared with anybody."""

from contacts.models.contact import CIRCLE_DAYS, Contact, ContactQuerySet, Way
from contacts.models.country import HomeCountry
from contacts.models.event import EVENT_STEPS, Association, AssociationQuerySet, Event, EventQuerySet
from contacts.models.follow_up import FollowUp, FollowUpQuerySet
from contacts.models.importing import Import, ImportPart, ImportQuerySet, ImportRow, ImportRowQuerySet
from contacts.models.interaction import Interaction, InteractionQuerySet
from contacts.models.interview import (
    INTERVIEW_STEPS,
    OPEN_STATES,
    Interview,
    InterviewMail,
    InterviewQuerySet,
)
from contacts.models.introduction import INTRODUCTION_STEPS, Introduction, IntroductionQuerySet
from contacts.models.merge import Apart, Merge, MergeQuerySet
from contacts.models.owned import Owned, OwnedQuerySet
from contacts.models.pace import Pace
from contacts.models.steps import StepRefused

__all__ = [
    "CIRCLE_DAYS",
    "EVENT_STEPS",
    "INTERVIEW_STEPS",
    "INTRODUCTION_STEPS",
    "OPEN_STATES",
    "Apart",
    "Association",
    "AssociationQuerySet",
    "Contact",
    "ContactQuerySet",
    "Event",
    "EventQuerySet",
    "FollowUp",
    "FollowUpQuerySet",
    "HomeCountry",
    "Import",
    "ImportPart",
    "ImportQuerySet",
    "ImportRow",
    "ImportRowQuerySet",
    "Interaction",
    "InteractionQuerySet",
    "Interview",
    "InterviewMail",
    "InterviewQuerySet",
    "Introduction",
    "IntroductionQuerySet",
    "Merge",
    "MergeQuerySet",
    "Owned",
    "OwnedQuerySet",
    "Pace",
    "StepRefused",
    "Way",
]
