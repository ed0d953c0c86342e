import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from zlib import crc32

import pytest
from cryptography.fernet import Fernet
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import connection
from django.db.models.expressions import RawSQL

from core import encrypted
from core.versioned import StaleEdit
from journal import services
from journal.models import Entry, EntryComment, Intention, Period
from journal.questions import asking, choosing
from journal.tasks import housekeeping
from tests.factories.accounts import BreakFactory, UserFactory
from tests.factories.journal import (
    WRITTEN_AT,
    EntryCommentFactory,
    EntryFactory,
    IntentionFactory,
    PeriodFactory,
    ReflectionFactory,
)
from tests.factories.sharing import MentorshipFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 19, tzinfo=UTC)
ASKED = ["One?", "Two?"]


def save(owner, *, expected=0, page="", at=NOW, key="2026-W47", **answers):
    words = services.Words(answers={"One?": answers.get("one", ""), "Two?": answers.get("two", "")})
    return services.save_reflection(owner=owner, key=key, asked=ASKED, words=words, expected=expected, page=page, at=at)


def test_save_reflection_of_nothing_stores_no_entry():
    assert save(UserFactory()) is None
    assert not Entry.objects.exists()


def test_open_page_notices_that_its_intention_was_put_in_other_words():
    owner = UserFactory()
    words = services.Words(intention="Call Wen.")
    page = {"owner": owner, "key": "2026-W46", "asked": ASKED, "page": "a" * 16, "at": NOW}
    entry = services.save_reflection(words=words, expected=0, **page)
    services.set_focus(owner=owner, key="2026-W47", text="Write to Wen.", at=NOW)

    with pytest.raises(StaleEdit):
        services.save_reflection(words=words, expected=entry.version, is_autosave=True, **page)

    assert Intention.objects.get().text == "Write to Wen."


def test_save_reflection_counts_versions_and_refuses_stale_ones():
    owner = UserFactory()
    entry = save(owner, one="a")
    save(owner, one="b", expected=1)

    with pytest.raises(StaleEdit) as stale:
        save(owner, one="c", expected=1)

    assert stale.value.current == entry
    assert stale.value.current.answers == {"One?": "b", "Two?": ""}
    assert Entry.objects.get().version == 2


def test_save_reflection_stands_on_the_last_day_of_a_week_that_is_over():
    owner = UserFactory(time_zone="Pacific/Kiritimati")  # 14 hours ahead: it is Monday there

    entry = save(owner, one="a")

    assert entry.entry_on == date(2026, 11, 22)
    assert entry.period.key == "2026-W47"


def test_save_reflection_keeps_when_it_was_first_written():
    owner = UserFactory()
    save(owner, one="a")

    entry = save(owner, one="b", expected=1, at=NOW + timedelta(days=2))

    entry.refresh_from_db()
    assert (entry.created_at, entry.updated_at) == (NOW, NOW + timedelta(days=2))


def test_share_entry_is_the_owners_alone(cast):
    entry = ReflectionFactory(owner=cast.owner)
    other = MentorshipFactory(mentor=cast.stranger)

    for by, mentorship in [(cast.mentor, cast.mentorship), (cast.owner, cast.former_mentorship), (cast.owner, other)]:
        with pytest.raises(PermissionDenied):
            services.share_entry(entry=entry, mentorships=[mentorship], by=by)

    assert not entry.shared_with.exists()


@pytest.mark.parametrize("by", ["former_mentor", "stranger", "colleague"])
def test_comment_on_entry_only_where_one_may_write(cast, by):
    entry = ReflectionFactory(owner=cast.owner, shared_with=[cast.mentorship, cast.former_mentorship])
    mentorship = cast.former_mentorship if by == "former_mentor" else cast.mentorship

    with pytest.raises(PermissionDenied):
        services.comment_on_entry(entry=entry, mentorships=[mentorship], by=getattr(cast, by), text="x", at=NOW)

    assert not EntryComment.objects.exists()


def test_finish_entry_twice_keeps_the_first_moment(cast):
    entry = EntryFactory(owner=cast.owner, draft=True)

    services.finish_entry(entry=entry, mentorships=[], by=cast.owner, at=NOW)
    services.finish_entry(entry=entry, mentorships=[cast.mentorship], by=cast.owner, at=NOW + timedelta(days=1))

    assert entry.finished_at == NOW
    assert entry.shared_with.get() == cast.mentorship


# Housekeeping --------------------------------------------------------------------------------------------------------


def test_erase_deleted_after_thirty_days_with_all_that_hangs_on_it(cast):
    old = IntentionFactory(entry__owner=cast.owner).entry
    EntryCommentFactory(item=old, mentorship=cast.mentorship)
    recent = EntryFactory(owner=cast.owner)
    old.put_in_bin(at=NOW - timedelta(days=30, minutes=1))
    recent.put_in_bin(at=NOW - timedelta(days=29))

    assert services.erase_deleted(now=NOW) == 1

    assert Entry.objects.get() == recent
    assert not Intention.objects.exists()
    assert not EntryComment.objects.exists()


def test_close_past_periods_is_calm_and_knows_breaks():
    person, away = UserFactory(), UserFactory()
    BreakFactory(user=away, from_on=date(2026, 11, 1), until_on=date(2026, 11, 15))
    missed = PeriodFactory(owner=person, key="2026-W45")
    rested = PeriodFactory(owner=away, key="2026-W45")
    written = PeriodFactory(owner=person, key="2026-W44", state="written")
    asked_now = PeriodFactory(owner=person, key="2026-W46")

    assert services.close_past_periods(now=datetime(2026, 11, 18, 3, 40, tzinfo=UTC)) == 2
    assert services.close_past_periods(now=datetime(2026, 11, 18, 3, 40, tzinfo=UTC)) == 0

    states = dict(Period.objects.values_list("pk", "state"))
    assert states == {missed.pk: "missed", rested.pk: "away", written.pk: "written", asked_now.pk: "open"}


def test_close_past_periods_closes_a_month_once_the_next_one_opens():
    person, away = UserFactory(), UserFactory()
    BreakFactory(user=away, from_on=date(2026, 10, 1), until_on=date(2026, 10, 16))
    missed, rested = PeriodFactory(owner=person, key="2026-10"), PeriodFactory(owner=away, key="2026-10")
    asked_now = PeriodFactory(owner=person, key="2026-11")

    # On 28 November it is the 29th somewhere, and still the 27th elsewhere.
    assert services.close_past_periods(now=datetime(2026, 11, 28, 12, tzinfo=UTC)) == 0
    assert services.close_past_periods(now=datetime(2026, 11, 29, 12, tzinfo=UTC)) == 2

    states = dict(Period.objects.values_list("pk", "state"))
    assert states == {missed.pk: "missed", rested.pk: "away", asked_now.pk: "open"}


def test_month_restored_beside_a_newer_one_becomes_a_note_with_its_own_last_question():
    old = IntentionFactory(entry__period__key="2026-11", entry__entry_on=date(2026, 11, 30), text="Rest.").entry
    services.delete_entry(entry=old, at=NOW)
    ReflectionFactory(owner=old.owner, period=old.period)

    services.restore_entry(entry=Entry.objects.all_of(old.owner).get(pk=old.pk), at=NOW)

    note = Entry.objects.get(pk=old.pk)
    assert (note.kind, note.title) == ("note", "November 2026, an earlier version")
    assert "**What matters most next month?**\n\nRest." in note.text


def test_close_past_periods_closes_nobodys_week_early():
    """On Friday 00:30 in Auckland it is Thursday noon in London, where the week before is still asked about."""
    PeriodFactory(owner=UserFactory(), key="2026-W46")

    assert services.close_past_periods(now=datetime(2026, 11, 20, 9, tzinfo=UTC)) == 0
    assert services.close_past_periods(now=datetime(2026, 11, 21, 9, tzinfo=UTC)) == 1


@pytest.mark.parametrize("people", [1, 3])
def test_close_past_periods_query_count(people, django_assert_num_queries):
    for _ in range(people):
        PeriodFactory(owner=UserFactory(), key="2026-W40")

    with django_assert_num_queries(4):
        services.close_past_periods(now=NOW)


def test_housekeeping_runs_twice():
    housekeeping()
    housekeeping()


# Secrecy -------------------------------------------------------------------------------------------------------------


def raw_words():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT title, text, answers FROM journal_entry UNION ALL SELECT text, '', '' FROM journal_intention"
        )
        return [value for row in cursor.fetchall() for value in row if value]


def test_keys_rotate_without_losing_a_word(settings):
    new = Fernet.generate_key().decode()
    old = settings.FIELD_KEYS
    IntentionFactory(entry__title="Gannets", entry__answers={"Q?": "Diving"}, text="Count them")
    EntryFactory(text="A note")
    before = Fernet(old[0]).encrypt(b"As it was stored before").decode()
    Entry.objects.filter(kind="note").update(title=RawSQL("%s", [before]))
    settings.FIELD_KEYS = [new, *old]

    call_command("rotate_field_keys", stdout=io.StringIO())
    settings.FIELD_KEYS = [new]

    entry = Entry.objects.reflections().get()
    assert (entry.title, entry.answers, entry.intention.text) == ("Gannets", {"Q?": "Diving"}, "Count them")
    note = Entry.objects.get(kind="note")
    assert (note.title, note.text) == ("As it was stored before", "A note")
    assert all(token.startswith("2.") for token in raw_words())


def test_wrong_key_fails_loudly_and_names_no_word(settings):
    EntryFactory(text="Gannets")
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]

    with pytest.raises(encrypted.UndecryptableError) as error:
        Entry.objects.get()

    assert "Gannets" not in str(error.value)


def test_journal_stands_in_no_staff_page():
    registered = {model._meta.app_label for model in admin.site._registry}

    assert "journal" not in registered


def test_nothing_of_a_journal_is_logged(client, caplog):
    owner = UserFactory()
    client.force_login(owner)
    with caplog.at_level("DEBUG"):
        client.post("/journal/write/", {"answer_1": "Gannets dive", "action": "finish"})
        client.post("/journal/new/", {"entry_on": "2026-11-20", "text": "Gannets again"})
        client.get("/journal/")

    assert Entry.objects.count() == 2
    told = [record for record in caplog.records if record.name != "django.db.backends"]
    assert not [record for record in told if "annet" in record.getMessage()]


def test_deleting_an_account_leaves_nothing_of_the_journal(cast):
    IntentionFactory(entry__owner=cast.owner)
    entry = EntryFactory(owner=cast.owner, deleted_at=WRITTEN_AT, shared_with=[cast.mentorship])
    EntryCommentFactory(item=entry, mentorship=cast.mentorship)

    cast.owner.delete()

    assert not raw_words()
    assert not EntryComment.objects.exists()


def test_deleting_a_mentors_account_keeps_their_words_with_the_owner(cast):
    entry = EntryFactory(owner=cast.owner, shared_with=[cast.former_mentorship])
    EntryCommentFactory(item=entry, mentorship=cast.former_mentorship)

    cast.former_mentor.delete()

    assert EntryComment.objects.visible_to(cast.owner).get().author_name == "former member"


@pytest.mark.django_db(transaction=True)
def test_two_first_saves_at_the_same_moment_give_one_entry_and_one_stale_page():
    owner = UserFactory()
    start = Barrier(2)

    def first_save(page):
        start.wait()
        try:
            return save(owner, one=page, page=page)
        except StaleEdit as stale:
            return stale
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(first_save, ["a" * 16, "b" * 16]))

    assert Entry.objects.count() == Period.objects.count() == 1
    assert [type(result) for result in results].count(StaleEdit) == 1
    assert Entry.objects.get().answers["One?"] in {"a" * 16, "b" * 16}


def questions_of(period):
    return [one.id for one in period.questions if one.id]


def as_shown(owner, *keys):
    """Return what the pages of these weeks ask, opened one beside the other before any is saved."""
    return [asking.asked_of(owner, key, hints=set) for key in keys]


def save_page(owner, key, asked, *, written=(), expected=0, page="c" * 16):
    answers = {str(one): "Words." if number in written else "" for number, one in enumerate(asked[:-1], 1)}
    words = services.Words(answers=answers, intention="Rest.")
    return services.save_reflection(
        owner=owner, key=key, asked=asked, words=words, expected=expected, page=page, at=NOW
    )


@pytest.fixture
def same_questions(monkeypatch):
    """Let all weeks ask in one order."""
    monkeypatch.setattr(choosing, "_order", choosing._order.__wrapped__)
    monkeypatch.setattr(choosing, "_turn", lambda key, name: crc32(name.encode()))


def test_questions_of_two_tabs_give_way_to_each_other_where_they_are_blank(same_questions):
    owner = UserFactory()
    one, two = as_shown(owner, "2026-W45", "2026-W46")
    assert one == two

    save_page(owner, "2026-W45", one)
    entry = save_page(owner, "2026-W46", two, written={2})

    first, second = Period.objects.order_by("key")
    assert set(questions_of(first)) & set(questions_of(second)) == {two[1].id}
    assert list(entry.answers) == [str(question) for question in second.questions[:-1]]
    assert entry.answers[two[1]] == "Words."


def test_page_that_still_shows_a_question_that_gave_way_loses_no_word(same_questions):
    owner = UserFactory()
    one, two = as_shown(owner, "2026-W45", "2026-W46")
    save_page(owner, "2026-W45", one)
    save_page(owner, "2026-W46", two)
    stored = Period.objects.get(key="2026-W46").questions

    again = save_page(owner, "2026-W46", two, written={3}, expected=1)
    assert list(again.answers.items()) == [(str(stored[0]), ""), (str(stored[1]), ""), (str(two[2]), "Words.")]
    services.exchange_question(owner=owner, key="2026-W46", asked=two, question=two[0], hints=())

    assert Period.objects.get(key="2026-W46").questions == stored  # the one on the page gave way already


@pytest.mark.django_db(transaction=True)
def test_two_weeks_saved_at_the_same_moment_ask_nothing_twice(same_questions):
    owner = UserFactory()
    keys = ["2026-W43", "2026-W45", "2026-W46", "2026-W47"]  # none of them ends a month
    pages, start = as_shown(owner, *keys), Barrier(len(keys))
    assert all(page == pages[0] for page in pages)

    def first_save(key, asked):
        start.wait()
        try:
            return save_page(owner, key, asked)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(keys)) as pool:
        list(pool.map(first_save, keys, pages))

    asked = [one for period in Period.objects.all() for one in questions_of(period)]
    assert len(asked) == len(set(asked)) == 3 * len(keys)
