"""Words to begin with, as plain data: questions for an informational interview, and ways to ask for one."""

from contacts.library.asking import ASKINGS, Asking
from contacts.library.questions import GROUPS, Group, all_questions

__all__ = ["ASKINGS", "GROUPS", "Asking", "Group", "all_questions"]
