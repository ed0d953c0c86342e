"""The mails of the journal. None carries a word of an entry, an intention or a comment: they say who and where."""

from datetime import datetime

from journal.models import Entry, EntryComment
from journal.services import comment_on_entry
from mail.models import Message
from mail.registry import Answer, Content, ReplyRefusedError, kind, reply
from sharing.mailed import answer_in_thread
from sharing.models import Mentorship
from sharing.notices import gathered


@kind("entry_shared", words="An entry shared with you", preference="mentoring")
def entry_shared(message: Message, *, now: datetime) -> Content | None:
    """Tell a reader that an entry was shared with them; None once it was taken back."""
    user, mentorship_id = message.user, message.ids["mentorship"]
    if user is None or not Mentorship.objects.active().of_mentor(user).filter(pk=mentorship_id).exists():
        return None
    entry = Entry.objects.shared_with_reader(user).select_related("owner", "period").filter(pk=message.ids["entry"])
    if (found := entry.first()) is None:
        return None
    return Content(
        "journal/emails/entry_shared",
        {"owner": found.owner, "entry": found, "path": found.get_absolute_url()},
        f"You get this because {found.owner} shared a journal entry with you.",
    )


@kind("entry_comment", words="A comment on an entry", preference="comments")
def entry_comment(message: Message, *, now: datetime) -> Content | None:
    """Tell the other person of a thread that something was written about an entry; None if they may not read it."""
    comments = gathered(EntryComment, message, bring=lambda rows: rows.select_related("item__owner", "item__period"))
    if not comments:
        return None
    newest = comments[-1]
    entry = newest.item
    is_owner = message.user_id == entry.owner_id
    return Content(
        "journal/emails/entry_comment",
        {
            "author": newest.author_name,
            "count": len(comments),
            "is_owner": is_owner,
            "owner": entry.owner,
            "entry": entry,
            "path": f"{entry.get_absolute_url()}#comment-{comments[0].pk}",
        },
        "You get this because you and "
        f"{newest.author_name} write to each other about {'your' if is_owner else 'this'} journal entry.",
    )


@reply("entry_comment", about="a comment on a journal entry")
def entry_comment_reply(message: Message, answer: Answer, *, at: datetime) -> None:
    """Write the answer into the same thread of the same entry, as its page does."""
    user = message.user
    entries = Entry.objects.visible_to(user) if user else Entry.objects.none()
    entry = entries.select_related("owner", "period").filter(pk=message.ids["item"]).first()
    if user is None or entry is None:
        raise ReplyRefusedError

    def write(thread: Mentorship, text: str) -> list[EntryComment]:
        return comment_on_entry(entry=entry, mentorships=[thread], by=user, text=text, at=at)

    answer_in_thread(item=entry, user=user, message=message, answer=answer, at=at, write=write)
