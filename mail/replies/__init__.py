"""What a mail says that came to a reply address: who wrote it, whether a person did, and what they wrote.

Nothing here touches the database, and nothing trusts what it reads: sizes are looked at before anything is parsed.
"""

from mail.replies.reading import MAX_BYTES, Reply, UnreadableError, read
from mail.replies.split import split

__all__ = ["MAX_BYTES", "Reply", "UnreadableError", "read", "split"]
