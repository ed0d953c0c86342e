"""Lines of the log, without the secrets that stand in addresses."""

import logging
import re

# The part of a path behind which a token stands; Django names the path of a request that failed.
_SECRET = re.compile(r"(?<!/settings)(/(?:calendar|mentors/invitations|mail/unsubscribe)/)[\w~.%=-]+")


class LineFormatter(logging.Formatter):
    """Writes a record as Python does, but for the tokens of feeds, invitations and unsubscribing."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, and the traceback if there is one."""
        return _SECRET.sub(r"\1***", super().format(record))
