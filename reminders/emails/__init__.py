"""The mails that ask, and the goodbye: about a week (weekly), about a month (monthly)."""

from reminders.emails.farewell import weekly_farewell
from reminders.emails.monthly import monthly_prompt, monthly_sample
from reminders.emails.replies import prompt_reply
from reminders.emails.weekly import weekly_prompt, weekly_sample

__all__ = ["monthly_prompt", "monthly_sample", "prompt_reply", "weekly_farewell", "weekly_prompt", "weekly_sample"]
