"""Goals by #: what names one, what a reader finds in its place, what is left when it is gone."""

import pytest

from journal.about import link_goals
from journal.mentions import names_in, without_names
from journal.models import Entry
from journal.services import Words, finish_entry, save_reflection, set_focus
from tests.factories.goals import GoalFactory
from tests.factories.journal import WRITTEN_AT, EntryFactory, IntentionFactory

SECRET = "Leave the company"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("I did #Run 12 today", {"Run 12"}),
        ("#run 12 user interviews.", {"Run 12 user interviews"}),
        ("(#Run 12), then", {"Run 12"}),
        ("#Run 123", set()),
        ("#Run 12th", set()),
        ("Run 12", set()),
        ("a#Run 12 and https://x.example/#Run 12 and ##Run 12", set()),
        ("**#C++ (again)** #C++ (again)", {"C++ (again)"}),
        ("# Run 12", set()),
        ("", set()),
    ],
)
def test_names_in(text, found):
    assert names_in([text], ["Run 12", "Run 12 user interviews", "C++ (again)", ""]) == found


def test_names_in_none():
    assert names_in(["#x"], []) == set()
    assert names_in([], ["x"]) == set()


def test_without_names_puts_words_in_their_place():
    text = "I did #Run 12, and #run 12!"

    assert without_names(text, ["Run 12"]) == "I did a goal, and a goal!"
    assert without_names(text, []) == text
    assert without_names("`#Run 12` [#Run 12](x)", ["Run 12"]) == "`a goal` [a goal](x)"


def linked(entry):
    return {link.goal and link.goal.title: (link.names, link.is_chosen) for link in entry.goal_links.all()}


@pytest.fixture
def goal(cast):
    return GoalFactory(owner=cast.owner, title=SECRET)


def test_link_goals_follows_the_words(cast, goal):
    entry = EntryFactory(owner=cast.owner, text=f"About #{SECRET}.")
    link_goals(entry, set())
    link_goals(entry, set())
    assert linked(entry) == {SECRET: ([SECRET], False)}

    entry.text = "About nothing."
    link_goals(entry, set())

    assert linked(entry) == {}


def test_link_goals_keeps_what_was_chosen(cast, goal):
    entry = EntryFactory(owner=cast.owner, text="About it.")
    link_goals(entry, {goal.pk})
    link_goals(entry, None)
    assert linked(entry) == {SECRET: ([], True)}

    link_goals(entry, set())

    assert linked(entry) == {}


def test_link_goals_never_reaches_goals_of_others(cast):
    theirs = GoalFactory(owner=cast.mentor, title="Theirs", shared_with=[])
    entry = EntryFactory(owner=cast.owner, text="#Theirs")

    link_goals(entry, {theirs.pk})

    assert linked(entry) == {}


def test_renamed_goal_stays_named(cast, goal):
    entry = EntryFactory(owner=cast.owner, text=f"#{SECRET}")
    link_goals(entry, None)
    goal.title = "Stay a year"
    goal.save()

    entry.text = f"#{SECRET}, or #Stay a year"
    link_goals(entry, None)

    assert linked(entry) == {"Stay a year": ([SECRET, "Stay a year"], False)}


def test_two_goals_of_one_name_are_both_meant(cast, goal):
    GoalFactory(owner=cast.owner, title=SECRET.lower())
    entry = EntryFactory(owner=cast.owner, text=f"#{SECRET}")

    link_goals(entry, None)

    assert entry.goal_links.count() == 2


# On pages -----------------------------------------------------------------------------------------------------------


def page_of(client, viewer, entry):
    client.force_login(viewer, backend="accounts.backends.AuthenticationBackend")
    return client.get(entry.get_absolute_url()).content.decode()


@pytest.fixture
def entry(cast, goal):
    entry = EntryFactory(
        owner=cast.owner,
        title="Thinking",
        text=f"About #{SECRET}, `#{SECRET}` and [#{SECRET}](https://example.org).",
        shared_with=[cast.mentorship, cast.colleagueship],
        tags=["restless"],
    )
    link_goals(entry, {goal.pk})
    return entry


def test_owner_follows_the_link_and_the_goal_is_named_on_top(client, cast, entry, goal):
    html = page_of(client, cast.owner, entry)

    assert f'<a href="/goals/{goal.pk}/" rel="nofollow noopener noreferrer">{SECRET}</a>' in html
    assert f'<a class="chip" href="/goals/{goal.pk}/">' in html
    assert "restless" in html


def test_reader_who_sees_the_goal_follows_the_link(client, cast, entry, goal):
    goal.shared_with.add(cast.mentorship)

    assert f'href="/goals/{goal.pk}/"' in page_of(client, cast.mentor, entry)


def test_reader_who_does_not_see_the_goal_is_not_told_its_name(client, cast, entry, goal):
    goal.shared_with.add(cast.mentorship)

    html = page_of(client, cast.colleague, entry)

    assert SECRET not in html
    assert "About a goal, <code>a goal</code>" in html
    assert f"/goals/{goal.pk}/" not in html
    assert "restless" not in html
    assert 'id="star-' not in html


def test_preview_as_a_reader_shows_what_they_see(client, cast, entry):
    client.force_login(cast.owner)

    html = client.get(f"{entry.get_absolute_url()}?as={cast.mentorship.pk}").content.decode()

    assert SECRET not in html
    assert "restless" not in html


@pytest.mark.parametrize("ending", ["unshared", "ended", "deleted", "erased"])
def test_goal_that_is_no_longer_seen_is_no_longer_named(client, cast, entry, goal, ending):
    goal.shared_with.add(cast.mentorship, cast.colleagueship)
    if ending == "unshared":
        goal.shared_with.clear()
    elif ending == "ended":
        cast.mentorship.end(at=entry.created_at)
        entry.shared_with.add(cast.colleagueship)
        goal.shared_with.remove(cast.colleagueship)
    elif ending == "deleted":
        goal.put_in_bin(at=entry.created_at)
    else:
        goal.delete()

    html = page_of(client, cast.colleague, entry)

    assert "Thinking" in html
    assert SECRET not in html
    assert SECRET in page_of(client, cast.owner, entry)


@pytest.mark.parametrize(
    "path",
    ["/journal/{entry}/", "/around/entry/{entry}/", "/mentees/", "/mentees/{relation}/", "/mentorships/{relation}/"],
)
def test_title_and_intention_do_not_name_it_either(client, cast, goal, path):
    words = Words(title=f"No more #{SECRET}", intention=f"Sleep on #{SECRET}", answers={"Q?": "So it goes."})
    asked = ["Q?", "What matters most next week?"]
    entry = save_reflection(
        owner=cast.owner, key="2026-W46", asked=asked, words=words, expected=0, page="", at=WRITTEN_AT
    )
    finish_entry(entry=entry, mentorships=[cast.mentorship], by=cast.owner, at=WRITTEN_AT)
    client.force_login(cast.mentor)

    html = client.get(path.format(entry=entry.pk, relation=cast.mentorship.pk)).content.decode()

    assert "No more a goal" in html
    assert ("Sleep on a goal" in html) == (path == "/journal/{entry}/")
    assert SECRET not in html


def test_focus_put_in_other_words_names_no_hidden_goal(client, cast, goal):
    meant = IntentionFactory(entry__owner=cast.owner, entry__shared_with=[cast.mentorship])
    set_focus(owner=cast.owner, key=meant.key, text=f"Sleep on #{SECRET}", at=WRITTEN_AT)

    html = page_of(client, cast.mentor, meant.entry)

    assert "Sleep on a goal" in html
    assert SECRET not in html


@pytest.mark.parametrize("path", ["/mentees/", "/mentees/{relation}/"])
def test_desk_of_a_reader_does_not_name_it_either(client, cast, entry, path):
    client.force_login(cast.mentor)

    html = client.get(path.format(relation=cast.mentorship.pk)).content.decode()

    assert "Thinking" in html
    assert "About a goal" in html
    assert SECRET not in html


def test_around_a_goal_stands_what_its_owner_wrote_and_for_nobody_else(client, cast, entry, goal):
    goal.shared_with.add(cast.mentorship)
    client.force_login(cast.owner)
    own = client.get(f"/around/goal/{goal.pk}/").content.decode()
    client.force_login(cast.mentor)
    others = client.get(f"/around/goal/{goal.pk}/").content.decode()

    assert "Thinking" in own
    assert "Thinking" not in others


def test_around_a_goal_leads_to_all_that_was_written(client, cast, goal):
    for _ in range(8):
        EntryFactory(owner=cast.owner, goals=[goal])
    client.force_login(cast.owner)

    html = client.get(f"/around/goal/{goal.pk}/").content.decode()

    assert f'href="/journal/?goal={goal.pk}"' in html
    assert client.get(f"/journal/?goal={goal.pk}").content.decode().count('class="entry"') == 8


def test_erasing_the_goal_keeps_the_entry(cast, entry, goal):
    goal.delete()

    assert SECRET in Entry.objects.get(pk=entry.pk).text
