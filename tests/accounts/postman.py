import re

from django.utils import timezone

from mail import registry
from mail.letters import compose
from mail.models import Message

CODE = re.compile(r"^\s*([BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4})\s*$", re.MULTILINE)


def without_tokens(html):
    """The page as two visitors can compare it."""
    return re.sub(r'csrfmiddlewaretoken" value="[^"]+"', "", html)


class Postman:
    """Opens the account mails in the outbox as they would be sent."""

    @property
    def outbox(self):
        """Every mail so far, oldest first."""
        return [self._open(message) for message in Message.objects.with_recipient().order_by("pk")]

    @staticmethod
    def _open(message):
        now = timezone.now()
        content = registry.find(message.kind).function(message, now=now)
        return compose(message, content, now=now)

    @property
    def last(self):
        return self._open(Message.objects.with_recipient().order_by("pk").last())

    def code(self):
        """The code in the newest mail, which its text and its HTML both have."""
        code = CODE.search(self.last.text)[1]
        assert code in self.last.html
        return code

    def link(self, part):
        """The link in the newest mail that has `part` in it."""
        link = re.search(rf"https?://\S*{part}\S*", self.last.text)[0]
        assert link in self.last.html
        return link

    def to(self, address):
        return [mail for mail in self.outbox if mail.to == address]

    def subjects(self, address):
        return [mail.subject for mail in self.to(address)]
