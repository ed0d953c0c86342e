import importlib

import pytest
from django.db import IntegrityError, connection, transaction

from journal.models import OwnQuestion, Period
from tests.factories.accounts import UserFactory
from tests.factories.journal import OwnQuestionFactory, PeriodFactory, QuestionWishFactory

pytestmark = pytest.mark.django_db


def breaks(constraint, make):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make()


def test_own_question_constraints():
    breaks("known_kind", lambda: OwnQuestionFactory(kind="year"))
    breaks("known_tags", lambda: OwnQuestionFactory(fits=["late", "weather"]))
    breaks("monthly_fits_any", lambda: OwnQuestionFactory(kind="month", fits=["late"]))


def test_question_wish_constraints():
    owner = UserFactory()
    QuestionWishFactory(owner=owner)

    breaks("one_a_question", lambda: QuestionWishFactory(owner=owner, wish="leave"))
    breaks("known_wish", lambda: QuestionWishFactory(wish="never"))


def test_own_question_is_encrypted_and_never_called_by_its_words():
    question = OwnQuestionFactory(text="What did the heron do?")

    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM journal_ownquestion")
        assert "heron" not in cursor.fetchone()[0]
    assert OwnQuestion.objects.get().text == "What did the heron do?"
    assert "heron" not in str(question)


def test_migration_of_questions_goes_there_and_back():
    PeriodFactory.create_batch(2)
    period = PeriodFactory(questions=[])
    module = importlib.import_module("journal.migrations.0009_questions_with_reasons")
    there, back = (module._in_batches(statement) for statement in (module.TO_OBJECTS, module.TO_WORDS))

    def write(text):
        with connection.cursor() as cursor:
            cursor.execute("UPDATE journal_period SET questions = %s::jsonb WHERE id = %s", [text, period.pk])

    def stored():
        return Period.objects.extra(select={"raw": "questions::text"}).get(pk=period.pk).raw

    with connection.schema_editor() as editor:
        write('["One?", "Two?"]')
        there(None, editor)
        assert stored() == '[{"text": "One?"}, {"text": "Two?"}]'
        there(None, editor)
        back(None, editor)
        assert stored() == '["One?", "Two?"]'
        write('[{"id": "own-1", "why": "own"}, {"id": "energy", "text": "One?"}]')
        back(None, editor)
        assert stored() == '["One?"]'
        write("[]")
        there(None, editor)
        back(None, editor)
        assert stored() == "[]"
