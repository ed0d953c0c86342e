"""Two people at the same moment: real threads on the real database."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from time import sleep

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from journal.models import EntryComment
from sharing import services
from tests.factories.journal import EntryCommentFactory, ReflectionFactory
from tests.factories.sharing import MentorshipFactory

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_an_edit_does_not_store_words_again_that_are_being_removed():
    mentorship = MentorshipFactory()
    entry = ReflectionFactory(owner=mentorship.mentee, shared_with=[mentorship])
    comment = EntryCommentFactory(item=entry, mentorship=mentorship, author=mentorship.mentor)

    def edit():
        try:
            mine = EntryComment.objects.get(pk=comment.pk)
            services.edit_comment(comment=mine, by=mentorship.mentor, text="Said again", at=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            services.remove_comment(comment=comment, by=mentorship.mentee, at=NOW)
            editing = pool.submit(edit)
            sleep(0.5)
        with pytest.raises(PermissionDenied):
            editing.result(timeout=10)

    comment.refresh_from_db()
    assert (comment.text, comment.removed_by) == ("", mentorship.mentee)
