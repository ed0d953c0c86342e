"""What went from a person to those they know and what came back, month by month: as a picture, in numbers, in a sentence."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.utils.safestring import SafeString

from accounts.models import User
from contacts.models import Interaction
from core.compiled import CompiledQuery
from core.markup import fill

MONTHS = 12
# Below this nothing is said of a balance: three things are an accident.
ENOUGH = 5
# One way is called much when it is at least twice the other.
MUCH = 2
WIDTH, HEIGHT, MIDDLE, LONGEST = 920, 172, 76, 56
BAR = 26


@dataclass(frozen=True, slots=True)
class Month:
    """One month: how many conversations in which something was given, and received or asked for."""

    first: date
    gave: int
    received: int

    @property
    def name(self) -> str:
        return f"{self.first:%B %Y}"


@dataclass(frozen=True, slots=True)
class Balance:
    """Twelve months of giving and receiving, the oldest first."""

    months: list[Month]

    @property
    def gave(self) -> int:
        return sum(month.gave for month in self.months)

    @property
    def received(self) -> int:
        return sum(month.received for month in self.months)

    @property
    def numbers(self) -> str:
        """Say the two numbers."""
        return f"In the last twelve months you gave {_times(self.gave)} and received {_times(self.received)}."

    @property
    def says(self) -> str:
        """Say kindly what the numbers carry; nothing where they carry nothing."""
        gave, received = self.gave, self.received
        if gave + received < ENOUGH:
            return ""
        if received >= MUCH * max(gave, 1):
            return "People have been generous to you. Is there somebody you could give something back?"
        if gave >= MUCH * max(received, 1):
            return "You give a good deal. Asking is fine, too: most people like to be asked."
        return "It goes both ways."

    @property
    def drawing(self) -> SafeString:
        """Draw a bar up for what was given and a hatched one down for what was received, for each month."""
        most = max((max(month.gave, month.received) for month in self.months), default=0) or 1
        apart = WIDTH / MONTHS
        parts = [fill('<line class="bal-l" x1="0" x2="{}" y1="{}" y2="{}"/>', WIDTH, MIDDLE, MIDDLE)]
        for place, month in enumerate(self.months):
            x = round(place * apart + (apart - BAR) / 2, 1)
            up, down = (round(number / most * LONGEST, 1) for number in (month.gave, month.received))
            if month.gave:
                parts.append(_bar("bal-g", x, MIDDLE - up, up, month.gave, MIDDLE - up - 5))
            if month.received:
                parts.append(_bar("bal-r", x, MIDDLE, down, month.received, MIDDLE + down + 17))
            label = '<text class="hm-t" text-anchor="middle" x="{}" y="{}">{}</text>'
            parts.append(fill(label, x + BAR / 2, HEIGHT - 4, f"{month.first:%b}"))
        return SafeString("".join(parts))


def _bar(css: str, x: float, y: float, height: float, number: int, label_y: float) -> SafeString:
    bar = '<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="3"/>'
    label = '<text class="hm-t" text-anchor="middle" x="{}" y="{}">{}</text>'
    return SafeString(fill(bar, css, x, y, BAR, height) + fill(label, x + BAR / 2, label_y, number))


def _times(number: int) -> str:
    return {0: "nothing that you noted", 1: "once", 2: "twice"}.get(number, f"{number} times")


def _by_month(owner: int, first: date, last: date) -> QuerySet:
    rows = Interaction.objects.owned_by(User(pk=owner)).moved_between(first, last).order_by()
    gave = Q(kind__in=["gave", "introduced"]) | ~Q(gave="")
    received = Q(kind="asked") | ~Q(received="")
    months = rows.filter(gave | received).annotate(month=TruncMonth("happened_on")).values("month")
    numbers = months.annotate(n_gave=Count("pk", filter=gave), n_received=Count("pk", filter=received))
    return numbers.values_list("month", "n_gave", "n_received")


_BY_MONTH = CompiledQuery(_by_month, owner=int, first=date, last=date)


def balance_of(owner: User, today: date) -> Balance:
    """Return the last twelve months of a person's own conversations, this one included; one query."""
    count = today.year * 12 + today.month - 1
    firsts = [date(number // 12, number % 12 + 1, 1) for number in range(count - MONTHS + 1, count + 1)]
    found = {month: numbers for month, *numbers in _BY_MONTH.rows(owner=owner.pk, first=firsts[0], last=today)}
    return Balance([Month(first, *found.get(first, (0, 0))) for first in firsts])
