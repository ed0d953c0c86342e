"""What a person does with questions: writes their own, asks for one, leaves one out."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from journal.models import MAX_OWN, OwnQuestion, QuestionWish
from journal.questions.asked import OWN
from journal.questions.library import BY_ID

FULL = f"You have {MAX_OWN} questions, and can be asked one a week. Remove one first."


class TooManyQuestions(Exception):
    """A person has as many questions of their own as they can have."""


def find_question(user: User, name: str) -> OwnQuestion | str | None:
    """Return the question a person means: one of their own, or the id of one of the library; None for anything else."""
    if name in BY_ID:
        return name
    number = name.removeprefix(OWN)
    if name.startswith(OWN) and number.isascii() and number.isdigit() and len(number) <= 18:
        return OwnQuestion.objects.owned_by(user).filter(pk=int(number)).first()
    return None


def words_of(user: User, name: str) -> str:
    """Return the words of a question of the library or of the person's own, "" for anything else."""
    found = find_question(user, name)
    return found.text if isinstance(found, OwnQuestion) else BY_ID[found].text if found else ""


@transaction.atomic
def add_question(*, question: OwnQuestion, at: datetime) -> None:
    """Store a new question of somebody's own; raises TooManyQuestions if they have no room for it."""
    _make_room(question.owner)
    question.created_at = question.updated_at = at
    question.save()


def change_question(*, question: OwnQuestion, expected: int, at: datetime) -> None:
    """Store other words or another time for a question; raises StaleEdit if another tab was faster."""
    question.updated_at = at
    question.save_version(expected=expected, update_fields=["text", "kind", "fits", "updated_at"])


@transaction.atomic
def bring_back(*, question: OwnQuestion) -> None:
    """Take a question from the bin; raises TooManyQuestions if there is no room for it."""
    _make_room(question.owner)
    question.take_from_bin()


def _make_room(owner: User) -> None:
    User.objects.select_for_update().get(pk=owner.pk)  # two tabs take turns
    if OwnQuestion.objects.owned_by(owner).count() >= MAX_OWN:
        raise TooManyQuestions(FULL)


def wish(*, owner: User, name: str, wish: str, at: datetime) -> None:
    """Ask for a question next ("ask"), leave it out ("leave"), or take either back (""); the last word counts."""
    if wish:
        QuestionWish.objects.update_or_create(owner=owner, question=name, defaults={"wish": wish, "at": at})
    else:
        QuestionWish.objects.owned_by(owner).filter(question=name).delete()


def erase_removed(*, before: datetime) -> int:
    """Erase questions that lie in the bin since before this moment, and what was wished of them; return how many."""
    gone = OwnQuestion.objects.deleted_before(before)
    QuestionWish.objects.filter(question__in=[f"{OWN}{pk}" for pk in gone.values_list("pk", flat=True)]).delete()
    return gone.delete()[0]
