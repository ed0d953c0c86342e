"""When the demo people met, what they planned and wrote down (devstack.demo)."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from mentors.models import Action, Advice, AgendaPoint, CheckIn, Note
from sharing.models import Mentorship


def fill(cast: Any, today: date) -> None:
    """Let Amara have met Ruth six times, with a seventh planned, and Leo, Sofia and Mateo have met Amara."""
    _mateo_and_amara(cast.mentorships["mateo", "amara"], today)
    relation = cast.mentorships["amara", "ruth"]
    if CheckIn.objects.filter(mentorship=relation).exists():
        return
    _amara_and_ruth(cast, relation, today)
    _leo_and_amara(cast, cast.mentorships["leo", "amara"], today)
    _sofia_and_amara(cast, cast.mentorships["sofia", "amara"], today)


def _amara_and_ruth(cast: Any, relation: Mentorship, today: date) -> None:
    amara, ruth = cast.amara, cast.ruth
    last = None
    for number in range(6):
        day = today - timedelta(days=11 + 14 * (5 - number))
        last = _meet(relation, day, time(17, 30), follows=last)
    assert last is not None  # noqa: S101 - for the type checker
    last.takeaways = (
        "Silence is a question too. Count to five before you ask the next one.\n\nThe list mixes two kinds of people: "
        "those at the front desk and those on the phones."
    )
    last.save()
    _meet(relation, today + timedelta(days=3), time(17, 30), state="planned", follows=last)
    _point(relation, amara, "How do I know when I have heard enough?", today)
    _point(relation, ruth, "Cutting the guide to seven questions", today)
    done = _moment(relation, today - timedelta(days=4), time(19))
    Action.objects.create(check_in=last, owner=amara, text="Split the list: front desk and phones", done_at=done)
    due = today + timedelta(days=2)
    Action.objects.create(check_in=last, owner=amara, text="Send Ruth one page of raw notes", due_on=due)
    Action.objects.create(check_in=last, owner=ruth, text="Lend the book on note taking", done_at=done)
    _advise(relation, last, "After a question, see what silence gives you.", "worked", today - timedelta(days=9))
    _advise(relation, last, "Write the three things you must know on top of the guide.", "tried", today)
    _advise(relation, last, "Record your own voice once and count who talks more.", "open", today)
    _note(last, amara, "Ruth counts on her fingers under the table. I will try that.", is_shared=False)
    _note(last, ruth, "The book is Fitzpatrick, The Mom Test. Chapter one and five first.", is_shared=True)


def _leo_and_amara(cast: Any, relation: Mentorship, today: date) -> None:
    last = _meet(relation, today - timedelta(days=11), time(12, 30))
    Action.objects.create(check_in=last, owner=cast.leo, text="Ask Nadia who trained her")
    _meet(relation, today + timedelta(days=3), time(12, 30), state="planned", follows=last)
    _point(relation, cast.leo, "Whether to ask for the trainer role now", today)
    _point(relation, cast.amara, "The handbook: who reads it first?", today)


def _sofia_and_amara(cast: Any, relation: Mentorship, today: date) -> None:
    _meet(relation, today - timedelta(days=22), time(9))


def _mateo_and_amara(relation: Mentorship, today: date) -> None:
    """Leave it quiet: they met every two weeks, and nobody says how the last one was."""
    if CheckIn.objects.filter(mentorship=relation).exists():
        return
    last = _meet(relation, today - timedelta(days=38), time(18))
    last = _meet(relation, today - timedelta(days=24), time(18), follows=last)
    _meet(relation, today - timedelta(days=10), time(18), state="planned", follows=last)


def _meet(
    relation: Mentorship, day: date, hour: time, *, state: str = "held", follows: CheckIn | None = None
) -> CheckIn:
    check_in: CheckIn = CheckIn.objects.create(
        mentorship=relation,
        state=state,
        proposer=relation.mentee,
        starts_at=_moment(relation, day, hour),
        repeats_every=14,
        follows=follows,
        sequence=1,
        created_at=_moment(relation, day - timedelta(days=14), hour),
    )
    return check_in


def _moment(relation: Mentorship, day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, tzinfo=relation.mentee.time_zone).astimezone(UTC)


def _point(relation: Mentorship, author: Any, text: str, today: date) -> None:
    at = _moment(relation, today - timedelta(days=2), time(8))
    AgendaPoint.objects.create(mentorship=relation, author=author, text=text, created_at=at)


def _advise(relation: Mentorship, check_in: CheckIn, text: str, state: str, day: date) -> None:
    at = None if state == "open" else _moment(relation, day, time(8))
    Advice.objects.create(
        mentorship=relation,
        check_in=check_in,
        text=text,
        state=state,
        marked_at=at,
        created_at=check_in.starts_at or check_in.created_at,
    )


def _note(check_in: CheckIn, author: Any, text: str, *, is_shared: bool) -> None:
    Note.objects.create(
        check_in=check_in,
        author=author,
        text=text,
        is_shared=is_shared,
        updated_at=check_in.ends_at or check_in.created_at,
    )
