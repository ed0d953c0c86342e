"""The mails about being mentors. Each asks again, when it is sent, what may be said."""

from mentors.emails import invitation, relation, rhythm

__all__ = ["invitation", "relation", "rhythm"]
