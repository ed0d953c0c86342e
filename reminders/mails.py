"""How the mails to a person are told to them: what became of each, what their address has to do with it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from accounts.models import User
from core.timekeeping import say_day, say_day_within
from mail.models import DeliveryEvent, Message, Suppression, address_hash
from mail.registry import words_of

STATE_WORDS = {
    Message.State.QUEUED: "Waiting to be sent",
    Message.State.SENDING: "Being sent",
    Message.State.SENT: "Sent",
    Message.State.FAILED: "Refused by your mail provider",
    Message.State.DEAD: "Could not be sent",
}
EVENT_WORDS = {
    DeliveryEvent.What.DELIVERED: "Arrived",
    DeliveryEvent.What.BOUNCED: "Sent, but it came back",
    DeliveryEvent.What.PUT_OFF: "Sent, but your mail provider put it off",
    DeliveryEvent.What.COMPLAINED: "Sent, then reported as spam at your mail provider",
    DeliveryEvent.What.UNSUBSCRIBED: "Sent, then unsubscribed at your mail provider",
}
CAUSE_WORDS = {
    Suppression.Cause.REFUSED: "Your mail provider refused our last emails, so only sign-in codes are tried now.",
    Suppression.Cause.BOUNCED: "An email to you came back: there is no such mailbox, says your mail provider. "
    "Only sign-in codes are tried now.",
    Suppression.Cause.RESTING: "Your mail provider keeps putting our emails off; perhaps the mailbox is full. "
    "Only sign-in codes are tried until {until}.",
}


def with_news(messages: QuerySet[Message]) -> QuerySet[Message]:
    """Add `news`: what was last said about each mail after it left, if anything was."""
    said = DeliveryEvent.objects.filter(message=OuterRef("pk"), state="counted").order_by("-happened_at", "-pk")
    return messages.annotate(news=Subquery(said.values("what")[:1]))


def say_mail(message: Message, news: str | None) -> str:
    """Say in words what became of a mail."""
    if message.state == Message.State.SKIPPED:
        known = message.reason in Message.Skip.values
        return f"Not sent: {Message.Skip(message.reason).label if known else message.reason}"
    if message.state == Message.State.SENT and news:
        return EVENT_WORDS[DeliveryEvent.What(news)]
    return STATE_WORDS[Message.State(message.state)]


@dataclass(frozen=True)
class MailRow:
    """One mail as its reader finds it in the list."""

    title: str
    when: str
    state: str
    icon: str
    is_bad: bool
    is_test: bool

    @classmethod
    def of(cls, message: Message, user: User, today: date) -> "MailRow":
        """Say what became of a mail, in words; it was asked for `with_news`."""
        news: str | None = message.news  # type: ignore[attr-defined]
        moment = message.finished_at or max(message.not_before, message.queued_at)
        wall = moment.astimezone(user.time_zone)
        is_bad = message.state in {"failed", "dead"} or news not in {None, "delivered"}
        return cls(
            title=words_of(message.kind),
            when=f"{say_day(wall.date(), today)}, {wall:%H:%M}",
            state=say_mail(message, news),
            icon="exclamation-circle-fill" if is_bad else "envelope",
            is_bad=is_bad,
            is_test=message.kind == "test",
        )


@dataclass(frozen=True)
class AddressState:
    """Whether mail reaches a person: `trouble` says in words what stands against it, empty if nothing does."""

    trouble: str
    is_paused: bool
    is_confirmed: bool

    @classmethod
    def of(cls, user: User, *, now: datetime) -> "AddressState":
        """Look at the address of a person."""
        paused = Suppression.objects.paused(now).filter(address_hash=address_hash(user.email))
        confirmed = User.objects.mailable().filter(pk=OuterRef("pk"))
        asked = (Exists(confirmed), Subquery(paused.values("cause")), Subquery(paused.values("paused_until")))
        is_confirmed, cause, ends_at = User.objects.filter(pk=user.pk).values_list(*asked).get()
        if cause:
            day = user.today(ends_at or now)
            words = CAUSE_WORDS[Suppression.Cause(cause)].format(until=say_day_within(day, user.today(now)))
            return cls(words, is_paused=True, is_confirmed=is_confirmed)
        words = "" if is_confirmed else "This address is not confirmed, so only sign-in codes are sent."
        return cls(words, is_paused=False, is_confirmed=is_confirmed)


def complaints(user: User, *, today: date) -> dict[str, str]:
    """Return, by switch, on which day a mail of that kind was last reported as spam or unsubscribed elsewhere."""
    rows = (
        DeliveryEvent.objects.filter(message__user=user, state="counted", what__in=["complained", "unsubscribed"])
        .order_by("happened_at")
        .values_list("message__preference", "happened_at")
    )
    return {kind: say_day_within(at.astimezone(user.time_zone).date(), today) for kind, at in rows}
