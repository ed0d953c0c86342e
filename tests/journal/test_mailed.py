"""Answers by mail in the journal: reflections and comments."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from core.timekeeping import week_key
from core.versioned import StaleEdit
from journal import periods, services
from journal.mailed import write_by_mail
from journal.models import Entry, EntryComment, Intention, MailedAnswer, Period
from journal.services import Words
from mail.models import Inbound, Message
from mail.registry import find_reply
from mail.replies import split
from mail.services import queue
from sharing.services import end_mentorship
from tests.factories.accounts import UserFactory
from tests.factories.goals import GoalFactory
from tests.factories.journal import ReflectionFactory
from tests.mail.coming_in import DOMAIN, arrive, notices, reply_mail

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 19, tzinfo=UTC)  # a Sunday
WEEK = "2026-W47"
LAST = "What matters most next week?"


@pytest.fixture
def owner():
    return UserFactory(time_zone="UTC")


def answered(owner, text, *, at=NOW):
    write_by_mail(owner=owner, key=WEEK, answer=split(text), at=at)
    return Entry.objects.with_week().order_by("pk").last()


def test_answer_becomes_a_finished_private_reflection(owner):
    entry = answered(owner, "A good week.\n\n> quoted\n-- \nAnn")

    assert (entry.kind, entry.text, entry.period.key) == ("reflection", "A good week.", WEEK)
    assert entry.finished_at == entry.mailed_at == NOW
    assert entry.entry_on == NOW.date()
    assert not entry.readers()
    assert entry.period.state == "written"
    assert "> quoted" in entry.mailed_answers.get().folded


def test_answers_go_to_the_questions_the_period_asked(owner):
    questions = periods.open_period(owner, WEEK).questions

    entry = answered(owner, f"> 1. {questions[0]}\nWalking.\n> 2. {questions[1]}\nThe review.\nmood: 4\nenergy: low")

    assert entry.answers[questions[0]] == "Walking."
    assert entry.answers[questions[1]] == "The review."
    assert list(entry.answers) == list(questions[:3])
    assert (entry.mood, entry.energy, entry.text) == (4, 2, "")


def test_last_answer_is_the_intention_of_next_week(owner):
    entry = answered(owner, "4. Ask Wen for an\nhour.")

    assert entry.intention.text == "Ask Wen for an hour."
    assert entry.intention.key == "2026-W48"
    assert entry.text == ""


@pytest.mark.parametrize("is_taken", [True, False])
def test_last_answer_that_cannot_be_the_intention_stays_in_the_text(owner, is_taken):
    words = "Ask Wen." if is_taken else "word " * 60
    if is_taken:
        services.set_focus(owner=owner, key="2026-W48", text="Something else.", at=NOW)

    entry = answered(owner, f"4. {words}")

    assert entry.text == f"**{LAST}**\n\n{words.strip()}"
    assert [meant.text for meant in Intention.objects.all()] == (["Something else."] if is_taken else [])


def test_answer_is_put_behind_what_was_written(owner):
    period = periods.open_period(owner, WEEK)
    first = period.questions[0]
    entry = ReflectionFactory(owner=owner, period=period, answers={first: "Walking."}, text="Before.", mood=2)

    answered(owner, "1. Sleeping.\nmood: 5\n2. The review.\n\n")
    answered(owner, "After.")

    entry.refresh_from_db()
    assert entry.answers[first] == "Walking.\n\nSleeping.\nmood: 5" or entry.answers[first] == "Walking.\n\nSleeping."
    assert entry.mood == 2
    assert entry.text.startswith("Before.")
    assert "Mood: 5" in entry.text
    assert entry.text.endswith("After.")
    assert entry.mailed_answers.count() == 2


def test_same_answer_twice_is_put_there_once(owner):
    answered(owner, "The same words.\n4. One talk.")

    entry = answered(owner, "The same words.\n4. One talk.")

    assert (entry.text, entry.intention.text) == ("The same words.", "One talk.")


def test_words_that_are_part_of_longer_ones_are_kept(owner):
    questions = periods.open_period(owner, WEEK).questions
    answered(owner, f"I called Ruth.\n> {questions[0]}\nNot the walk.")

    entry = answered(owner, f"Ruth\n> {questions[0]}\nthe walk")

    assert entry.text == "I called Ruth.\n\nRuth"
    assert entry.answers[questions[0]] == "Not the walk.\n\nthe walk"


def test_draft_stays_a_draft_with_the_answer_in_it(owner):
    period = periods.open_period(owner, WEEK)
    ReflectionFactory(owner=owner, period=period, answers={"Q?": "Half a thought"}, finished_at=None)

    entry = answered(owner, "And the rest.")

    assert not entry.is_finished
    assert (entry.answers["Q?"], entry.text) == ("Half a thought", "And the rest.")


def test_open_page_notices_the_answer_and_overwrites_nothing(owner):
    saved = save(owner, answers={"Q?": "Typed."}, expected=0)
    answered(owner, "By mail.")

    with pytest.raises(StaleEdit) as stale:
        save(owner, answers={"Q?": "Typed more."}, expected=saved.version)

    assert stale.value.current.text == "By mail."


def save(owner, *, answers, expected, text=None):
    return services.save_reflection(
        owner=owner,
        key=WEEK,
        asked=["Q?", LAST],
        words=Words(answers=answers, text=text),
        expected=expected,
        page="page-of-this-test-1",
        at=NOW,
    )


def test_page_without_the_field_leaves_the_text(owner):
    entry = answered(owner, "By mail.")

    save(owner, answers={"Q?": "Typed."}, expected=entry.version)

    entry.refresh_from_db()
    assert (entry.text, entry.answers["Q?"]) == ("By mail.", "Typed.")


def test_answer_to_a_shared_reflection_is_a_note_of_its_own(cast):
    period = periods.open_period(cast.owner, WEEK)
    shared = ReflectionFactory(owner=cast.owner, period=period, text="Shown.")
    services.share_entry(entry=shared, mentorships=[cast.mentorship], by=cast.owner)

    note = answered(cast.owner, "1. For me alone.\n2. This too.\nmood: 3")

    shared.refresh_from_db()
    assert shared.text == "Shown."
    assert shared.mailed_at is None
    assert (note.kind, note.mood, note.mailed_at) == ("note", 3, NOW)
    assert "For me alone." in note.text
    assert note.title == "Week 47, 16 to 22 November, by email"
    assert not Entry.objects.visible_to(cast.mentor).filter(pk=note.pk).exists()


def test_answer_about_a_skipped_week_makes_it_written(owner):
    services.skip_period(owner=owner, key=WEEK)

    answered(owner, "After all.")

    assert Period.objects.get().state == "written"


def test_answer_about_a_week_in_the_bin_begins_anew(owner):
    old = answered(owner, "Old.")
    services.delete_entry(entry=old, at=NOW)

    entry = answered(owner, "New.")

    assert (entry.pk != old.pk, entry.text) == (True, "New.")


def test_very_long_answer_is_kept_whole(owner):
    text = "\n\n".join(f"Paragraph {number} of very many." for number in range(3000))

    entry = answered(owner, text)

    assert len(entry.text) == 40_000
    assert entry.text + entry.mailed_answers.get().folded == text


def test_reflection_is_erased_with_what_was_folded(owner):
    entry = answered(owner, "Words.\n\n> quoted")
    services.delete_entry(entry=entry, at=NOW)

    services.erase_deleted(now=NOW + timedelta(days=31))

    assert not MailedAnswer.objects.exists()


def prompt(user):
    return queue("weekly_prompt", user=user, ids={"week": 202647}, dedupe=f"weekly:{user.pk}:{WEEK}")


@pytest.fixture
def reply_domain(settings):
    settings.REPLY_DOMAIN = DOMAIN


@pytest.mark.parametrize("who", ["mentor", "second_mentor", "former_mentor", "colleague", "stranger", "staff"])
def test_nobody_else_writes_into_a_journal(cast, reply_domain, who):
    arrive(reply_mail(prompt(cast.owner), "Forged.", sender=getattr(cast, who).email))

    assert not Entry.objects.exists()
    assert Inbound.objects.get().reason == "sender"


def test_reply_to_the_weekly_mail_is_that_weeks_reflection(cast, reply_domain):
    arrive(reply_mail(prompt(cast.owner), "A good week."))

    entry = Entry.objects.get()
    assert (entry.owner, entry.period.key, entry.text) == (cast.owner, WEEK, "A good week.")
    assert not Entry.objects.visible_to(cast.mentor).exists()
    assert not Message.objects.filter(kind__startswith="entry")


def test_reply_to_the_monthly_mail_is_that_months_reflection(cast, reply_domain):
    mail = queue("monthly_prompt", user=cast.owner, ids={"month": 202610}, dedupe="monthly:1:2026-10")

    arrive(reply_mail(mail, "1. Much.\n4. Rest."))

    entry = Entry.objects.with_week().get()
    assert (entry.period.key, entry.intention.text, entry.intention.key) == ("2026-10", "Rest.", "2026-11")


@pytest.mark.parametrize("kind", ["weekly_sample", "monthly_sample"])
def test_samples_are_answered_too(kind):
    assert find_reply(kind)[1].endswith("ly mail")


@pytest.mark.parametrize("change", ["shared", "withdrawn", "ended"])
def test_reply_to_a_comment_on_an_entry(cast, reply_domain, change):
    entry = ReflectionFactory(owner=cast.owner, title="The quiet canteen")
    services.share_entry(entry=entry, mentorships=[cast.mentorship], by=cast.owner)
    at = timezone.now() - timedelta(hours=1)
    services.comment_on_entry(entry=entry, mentorships=[cast.mentorship], by=cast.owner, text="What now?", at=at)
    mail = Message.objects.get(kind="entry_comment", user=cast.mentor)
    if change == "withdrawn":
        services.share_entry(entry=entry, mentorships=[], by=cast.owner)
    elif change == "ended":
        end_mentorship(mentorship=cast.mentorship, by=cast.mentor, at=timezone.now())

    arrive(reply_mail(mail, "Sleep on it.\n\n> quoted"))

    written = EntryComment.objects.filter(author=cast.mentor)
    if change == "shared":
        assert (written.get().text, written.get().folded) == ("Sleep on it.", "> quoted")
        assert Message.objects.filter(kind="entry_comment", user=cast.owner).exists()
    else:
        assert not written
        assert notices().get().user == cast.mentor


def test_page_of_the_entry_says_by_email_and_folds_the_rest(client, cast):
    entry = answered(cast.owner, "Words by mail.\n\n> quoted <i>words</i>")
    client.force_login(cast.owner)

    page = client.get(f"/journal/{entry.pk}/").content.decode()

    assert "Words by mail." in page
    assert "By email" in page
    assert "&gt; quoted &lt;i&gt;words&lt;/i&gt;" in page


def test_reader_does_not_see_what_was_folded(client, cast):
    entry = answered(cast.owner, "Words by mail.\n\n> quoted words")
    services.share_entry(entry=entry, mentorships=[cast.mentorship], by=cast.owner)
    client.force_login(cast.mentor)

    page = client.get(f"/journal/{entry.pk}/").content.decode()

    assert "Words by mail." in page
    assert "quoted words" not in page


def test_page_of_the_week_shows_the_text_and_lets_it_be_changed(client, cast):
    week = week_key(timezone.now().date())
    write_by_mail(owner=cast.owner, key=week, answer=split("Words by mail."), at=timezone.now())
    client.force_login(cast.owner)
    url = f"/journal/write/?week={week}"

    page = client.get(url)
    form = page.context["form"]
    data = {name: form.initial.get(name) or "" for name in form.fields if name not in {"readers", "came_true"}}
    saved = client.post(url, data | {"text": "Words, changed.", "action": "save"})

    assert "What you wrote by email" in page.content.decode()
    assert "Words by mail." in page.content.decode()
    assert saved.status_code == 302
    assert Entry.objects.get().text == "Words, changed."


def test_page_that_was_open_gets_the_text_beside_what_was_typed(client, cast):
    week = week_key(timezone.now().date())
    client.force_login(cast.owner)
    url = f"/journal/write/?week={week}"
    form = client.get(url).context["form"]
    typed = {"version": "0", "page": form.initial["page"], "asked": form.initial["asked"], "answer_1": "Typed."}
    write_by_mail(owner=cast.owner, key=week, answer=split("Words by mail."), at=timezone.now())

    stale = client.post(url, typed | {"action": "save"})
    again = stale.context["form"].data
    saved = client.post(url, {**again.dict(), "action": "save"})

    assert stale.status_code == 409
    assert "Words by mail." in stale.content.decode()
    assert saved.status_code == 302
    entry = Entry.objects.get()
    assert entry.text == "Words by mail."
    assert "Typed." in entry.answers.values()


def test_goals_that_an_answer_names_are_linked(owner):
    goal = GoalFactory(owner=owner, title="Portfolio")

    entry = answered(owner, "Worked on the #Portfolio today.")

    assert [link.goal for link in entry.goal_links.all()] == [goal]
