"""What a recipient wants in their mails."""

from mail.models import Message


def hides_text(message: Message) -> bool:
    """Tell whether the recipient wants no words of people in their mails."""
    return message.user is not None and message.user.mails_hide_text
