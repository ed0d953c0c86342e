"""The mails about being mentors. Each asks again, when it is sent, what may be said."""

from mentors.emails import agreement, invitation, relation, rhythm

__all__ = ["agreement", "invitation", "relation", "rhythm"]
