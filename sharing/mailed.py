"""Comments that come as answers to the mails about comments."""

from collections.abc import Callable, Iterable
from datetime import datetime

from accounts.models import User
from mail.models import Message
from mail.registry import Answer, ReplyRefusedError
from sharing import services
from sharing.models import Comment, Mentorship, Shareable

# What a comment holds.
COMMENT_LENGTH = 10_000
# An answer of more parts than this is no comment; what is beyond is kept with what was folded.
MOST_COMMENTS = 5


def answer_in_thread(
    *,
    item: Shareable,
    user: User,
    message: Message,
    answer: Answer,
    at: datetime,
    write: Callable[[Mentorship, str], Iterable[Comment]],
) -> None:
    """Write an answer to a mail of `notify_thread` into its thread: several comments where it is longer than one holds.

    `item` is what the mail was about, which `user` sees at this moment. Raises ReplyRefusedError where they may not
    write there any more.
    """
    threads = services.threads_open_to(item=item, user=user)
    thread = next((each for each in threads if each.pk == message.ids["mentorship"]), None)
    if thread is None:
        raise ReplyRefusedError
    texts = in_pieces(answer.text, COMMENT_LENGTH)
    kept, rest = texts[:MOST_COMMENTS], texts[MOST_COMMENTS:]
    folded = "\n\n".join(filter(None, [*rest, answer.folded]))
    for number, text in enumerate(kept):
        for comment in write(thread, text):
            comment.note_mail(at=at, folded=folded if number == 0 else "")


def in_pieces(text: str, length: int) -> list[str]:
    """Return a text in pieces of at most this length, cut between paragraphs, lines or words where that can be."""
    pieces = []
    while len(text) > length:
        cut = _last_gap(text, length)
        pieces.append(text[:cut].strip())
        text = text[cut:].strip()
    return [*pieces, text] if text else pieces


def _last_gap(text: str, length: int) -> int:
    for gap in ("\n\n", "\n", " "):
        at = text.rfind(gap, length // 2, length)
        if at > 0:
            return at
    return length
