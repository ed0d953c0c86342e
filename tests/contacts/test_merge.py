"""People who are here twice: found, shown side by side, made one, and taken apart again."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError

from contacts.duplicates import pairs_of
from contacts.models import Apart, Contact, Interaction, Merge
from contacts.services import conversations
from contacts.services.housekeeping import erase_deleted
from tests.factories.accounts import UserFactory
from tests.factories.contacts import ADDED_AT, ContactFactory, FollowUpFactory, InteractionFactory, WayFactory
from tests.factories.goals import GoalFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _saturday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def owner(client):
    owner = UserFactory()
    client.force_login(owner)
    return owner


def text_of(response):
    return response.content.decode()


def merge(client, kept, gone, **data):
    kept.refresh_from_db()
    gone.refresh_from_db()
    versions = {"version": kept.version, "other_version": gone.version}
    return client.post(f"/contacts/{kept.pk}/merge/{gone.pk}/", versions | data)


def take_apart(client):
    return client.post(f"/contacts/merges/{Merge.objects.get().pk}/undo/")


# Finding -------------------------------------------------------------------------------------------------------------


def test_pairs_come_with_the_surest_reason_first(owner):
    ann, ben, cid, dan = (ContactFactory(owner=owner, name=name) for name in ("Ann", "ben", "Ben", "Dan"))
    for contact, kind, compared in (
        (ann, "phone", "+491"),
        (cid, "phone", "+491"),
        (ann, "email", "a@x"),
        (dan, "email", "a@x"),
    ):
        WayFactory(contact=contact, kind=kind, value=compared, compared=compared)

    assert [(pair.first, pair.second, pair.reason.split(",")[0]) for pair in pairs_of(owner)] == [
        (ann, dan, "Same email"), (ann, cid, "Same number"), (ben, cid, "Same name"),
    ]  # fmt: skip


def test_pairs_leave_out_who_is_set_aside_or_somebody_elses_or_said_to_be_two(owner):
    ann = ContactFactory(owner=owner, name="Ann")
    ContactFactory(owner=owner, name="Ann", deleted_at=ADDED_AT)
    ContactFactory(owner=owner, name="Ann", archived_at=ADDED_AT)
    WayFactory(contact=ann, compared="")
    WayFactory(contact__owner=owner, compared="")
    WayFactory(contact=ContactFactory(name="Ann"), compared="a@x")
    WayFactory(contact=ann, compared="a@x")
    WayFactory(contact=ContactFactory(owner=owner, deleted_at=ADDED_AT), compared="a@x")
    two = ContactFactory(owner=owner, name="Ann")
    Apart.say(two, ann, at=NOW)
    Apart.say(ann, two, at=NOW)

    assert pairs_of(owner) == []


@pytest.mark.parametrize(("people", "shown", "has_more"), [(7, 21, False), (8, 25, True)])
def test_list_that_is_full_says_that_there_are_more(client, owner, people, shown, has_more):
    ContactFactory.create_batch(people, owner=owner, name="Ann")  # each may be each other

    page = text_of(client.get("/contacts/duplicates/"))

    assert page.count("Look at both<") == shown
    assert ("There are more. They come up here as you go through these 25." in page) is has_more


@pytest.mark.parametrize("count", [2, 4])
def test_list_costs_as_much_for_many(client, owner, django_assert_num_queries, count):
    ContactFactory.create_batch(count, owner=owner, name="Ann")
    client.get("/contacts/duplicates/")

    with django_assert_num_queries(6):  # the person, the country, the pairs, who they are, what was merged, the frame
        html = text_of(client.get("/contacts/duplicates/"))
    assert html.count("Look at both:") == count * (count - 1) // 2


def test_not_the_same_person_is_remembered(client, owner):
    first, second = ContactFactory.create_batch(2, owner=owner, name="Ann")

    client.post(f"/contacts/{second.pk}/apart/{first.pk}/")

    assert "Nobody seems to be here twice" in text_of(client.get("/contacts/duplicates/"))
    assert Apart.objects.get().owner == owner


# Merging -------------------------------------------------------------------------------------------------------------


def test_preview_shows_both_and_changes_nothing(client, owner):
    kept = ContactFactory(owner=owner, name="Hannah Vogel", role="Nurse", why="WHYONE", tags=["a"], circle="close")
    gone = ContactFactory(
        owner=owner, name="H. Vogel", why="WHYTWO", tags=["A", "b"], notes="NOTES", birthday="--04-12"
    )
    WayFactory(contact=gone, value="h@example.org")

    html = text_of(client.get(f"/contacts/{kept.pk}/merge/{gone.pk}/"))

    for words in ("Hannah Vogel", "H. Vogel", "Nurse", "WHYONE", "WHYTWO", "a, b", "Every 30 days", "NOTES", "12 April",
                  "h@example.org", "Name: H. Vogel"):  # fmt: skip
        assert words in html
    assert Contact.objects.owned_by(owner).count() == 2


def test_preview_shows_the_notes_as_chosen(client, owner):
    kept, gone = ContactFactory(owner=owner, name="Hannah"), ContactFactory(owner=owner, name="Hanna")

    url = f"/contacts/{kept.pk}/merge/{gone.pk}/"

    page = text_of(client.get(url, {"name": "1"}))
    fragment = text_of(client.get(url, {"name": "1"}, headers={"HX-Request": "true"}))

    assert "Name: Hannah" in page
    assert "Name: Hannah" in fragment
    assert "Merge them" not in fragment
    kept.refresh_from_db()
    assert kept.name == "Hannah"


def test_merge_keeps_every_value_of_both(client, owner):
    kept = ContactFactory(
        owner=owner, name="Hannah Vogel", name_parts=["Vogel", "Hannah"], role="Nurse", organisation="", why="One", tags=["a"],
        notes="Ours", extra=[{"name": "X-A", "value": "1"}], circle="none",
    )  # fmt: skip
    gone = ContactFactory(
        owner=owner, name="H. Vogel", role="Head nurse", organisation="St Anne's", why="Two", tags=["A", "b"], topics=["c"],
        how_met="by chance", birthday="--04-12", notes="Theirs", circle="own", own_every=6, own_unit="weeks",
        extra=[{"name": "X-A", "value": "1"}, {"name": "X-B", "value": "2"}],
    )  # fmt: skip

    response = merge(client, kept, gone, role="1")

    assert response["Location"] == kept.get_absolute_url()
    kept.refresh_from_db()
    assert (kept.name, kept.name_parts, kept.role, kept.organisation) == (
        "Hannah Vogel",
        ["Vogel", "Hannah"],
        "Head nurse",
        "St Anne's",
    )
    assert (kept.why, kept.tags, kept.topics, kept.how_met) == ("One\n\nTwo", ["a", "b"], ["c"], "by chance")
    assert (kept.circle, kept.own_every, kept.own_unit, kept.birthday) == ("own", 6, "weeks", "--04-12")
    assert kept.extra == [{"name": "X-A", "value": "1"}, {"name": "X-B", "value": "2"}]
    for words in ("Ours", "Theirs", "Name: H. Vogel", "Role: Nurse"):
        assert words in kept.notes
    assert client.get(gone.get_absolute_url()).status_code == 404
    assert gone.name not in text_of(client.get("/contacts/bin/")), "who was merged comes back by taking the two apart"
    assert "H. Vogel" in text_of(client.get("/contacts/duplicates/"))


def test_merge_takes_everything_along_and_undo_takes_it_back(client, owner):
    kept, gone = ContactFactory.create_batch(2, owner=owner, circle="close")
    same = [WayFactory(contact=contact, value="Same@x.example", compared="same@x.example") for contact in (kept, gone)]
    theirs = WayFactory(contact=gone, value="theirs@x.example")
    InteractionFactory(owner=owner, people=[kept], happened_on=date(2026, 10, 1))
    alone = InteractionFactory(owner=owner, people=[gone], happened_on=date(2026, 11, 1))
    together = InteractionFactory(owner=owner, people=[kept, gone], happened_on=date(2026, 9, 1))
    promise = FollowUpFactory(contact=gone)
    goal, both = GoalFactory.create_batch(2, owner=owner)
    goal.contacts.add(gone)
    both.contacts.add(kept, gone)

    merge(client, kept, gone)

    kept.refresh_from_db()
    assert kept.last_contact_on == date(2026, 11, 1)
    assert [way.value for way in kept.ways.order_by("pk")] == ["Same@x.example", "theirs@x.example"]
    assert set(kept.interactions.all()) == set(Interaction.objects.all())
    assert list(kept.follow_ups.all()) == [promise]
    assert set(kept.goals.all()) == {goal, both}

    response = take_apart(client)

    assert response["Location"] == gone.get_absolute_url()
    for contact, last in ((kept, date(2026, 10, 1)), (gone, date(2026, 11, 1))):
        contact.refresh_from_db()
        assert (contact.last_contact_on, contact.deleted_at) == (last, None)
    assert list(gone.ways.order_by("pk")) == [same[1], theirs]
    assert set(gone.interactions.all()) == {alone, together}
    assert list(gone.follow_ups.all()) == [promise]
    assert (set(kept.goals.all()), set(gone.goals.all())) == ({both}, {goal, both})
    assert pairs_of(owner) == [], "who was taken apart is not suggested again"


def test_undo_gives_back_every_field_and_leaves_what_was_written_since(client, owner):
    kept = ContactFactory(owner=owner, name="Hannah", role="Nurse", why="One", tags=["a"], circle="close")
    gone = ContactFactory(
        owner=owner, name="Hanna", role="Doctor", why="Two", tags=["b"], circle="own", own_every=2, own_unit="weeks"
    )
    merge(client, kept, gone, name="1", circle="1")
    kept.refresh_from_db()
    assert (kept.name, kept.circle, kept.own_every) == ("Hanna", "own", 2)
    later = FollowUpFactory(contact=kept)
    Contact.objects.filter(pk=kept.pk).update(why="Written since")

    take_apart(client)

    kept.refresh_from_db()
    gone.refresh_from_db()
    assert (kept.name, kept.role, kept.why, kept.tags, kept.notes) == ("Hannah", "Nurse", "Written since", ["a"], "")
    assert (kept.circle, kept.own_every, kept.own_unit) == ("close", None, "")
    assert (gone.name, gone.role, gone.why, gone.tags) == ("Hanna", "Doctor", "Two", ["b"])
    assert list(kept.follow_ups.all()) == [later]
    assert not Merge.objects.exists()


@pytest.mark.parametrize(
    ("chosen", "stands", "noted"),
    [({}, (2, "weeks"), "Circle: Every 6 months"), ({"circle": "1"}, (6, "months"), "Circle: Every 2 weeks")],
)
def test_merge_of_two_own_rhythms_keeps_the_chosen_one_and_notes_the_other(client, owner, chosen, stands, noted):
    kept = ContactFactory(owner=owner, circle="own", own_every=2, own_unit="weeks")
    gone = ContactFactory(owner=owner, circle="own", own_every=6, own_unit="months")

    merge(client, kept, gone, **chosen)

    kept.refresh_from_db()
    assert (kept.circle, kept.own_every, kept.own_unit) == ("own", *stands)
    assert noted in kept.notes


def test_undo_leaves_a_rhythm_that_was_changed_since(client, owner):
    kept = ContactFactory(owner=owner, circle="own", own_every=2, own_unit="weeks")
    gone = ContactFactory(owner=owner, circle="close")
    merge(client, kept, gone, circle="1")
    Contact.objects.filter(pk=kept.pk).update(own_every=5, own_unit="months")

    take_apart(client)

    kept.refresh_from_db()
    assert (kept.circle, kept.own_every, kept.own_unit) in {("close", 5, "months"), ("own", 5, "months")}


def test_merge_of_what_was_changed_meanwhile_shows_both_anew(client, owner):
    kept, gone = ContactFactory.create_batch(2, owner=owner)
    old = {"version": kept.version, "other_version": gone.version, "name": "1"}
    Contact.objects.filter(pk=gone.pk).update(version=2, why="NEWWHY")

    response = client.post(f"/contacts/{kept.pk}/merge/{gone.pk}/", old)

    assert response.status_code == 409
    assert "NEWWHY" in text_of(response)
    assert "nothing was merged yet" in text_of(response)
    assert not Merge.objects.exists()


@pytest.mark.parametrize("data", [{}, {"version": "x", "other_version": "-1"}, {"version": "9" * 40}])
def test_merge_without_the_versions_that_were_shown_is_refused(client, owner, data):
    kept, gone = ContactFactory.create_batch(2, owner=owner)

    assert client.post(f"/contacts/{kept.pk}/merge/{gone.pk}/", data).status_code == 409


def test_merge_with_oneself_or_somebody_elses_is_not_there(client, owner):
    kept, theirs, gone = ContactFactory(owner=owner), ContactFactory(), ContactFactory(owner=owner, deleted_at=ADDED_AT)

    for other in (kept, theirs, gone):
        for url in (f"/contacts/{kept.pk}/merge/{other.pk}/", f"/contacts/{kept.pk}/apart/{other.pk}/"):
            assert client.post(url, {"version": 1, "other_version": 1}).status_code == 404


def test_merges_in_a_chain_are_taken_apart_from_the_last_one(client, owner):
    first, second, third = ContactFactory.create_batch(3, owner=owner)
    promise = FollowUpFactory(contact=third)
    merge(client, second, third)
    merge(client, first, second)
    inner, outer = Merge.objects.order_by("pk")

    assert client.post(f"/contacts/merges/{inner.pk}/undo/").status_code == 404
    for row in (outer, inner):
        assert client.post(f"/contacts/merges/{row.pk}/undo/").status_code == 302
    promise.refresh_from_db()
    assert promise.contact == third


def test_merge_is_for_good_after_30_days(client, owner):
    kept, gone = ContactFactory.create_batch(2, owner=owner)
    theirs = WayFactory(contact=gone)
    merge(client, kept, gone)

    erase_deleted(now=NOW + timedelta(days=31))

    assert list(Contact.objects.all()) == [kept]
    assert list(kept.ways.all()) == [theirs]
    assert not Merge.objects.exists()


def test_choose_offers_everybody_else_who_fits(client, owner):
    hannah = ContactFactory(owner=owner, name="Hannah Vogel")
    other = ContactFactory(owner=owner, name="H. Vogel")
    ContactFactory(owner=owner, name="Owen Price")

    html = text_of(client.get(f"/contacts/{hannah.pk}/merge/"))

    assert f"/contacts/{hannah.pk}/merge/{other.pk}/" in html
    assert "Owen" not in html
    assert "Owen" in text_of(client.get(f"/contacts/{hannah.pk}/merge/?q=owen"))


def test_rows_that_make_no_sense_are_refused(owner):
    contact = ContactFactory(owner=owner)
    with pytest.raises(IntegrityError, match="of_two"):
        Merge.objects.create(owner=owner, kept=contact, gone=contact, merged_at=NOW)


def test_apart_in_the_wrong_order_is_refused(owner):
    first, second = ContactFactory.create_batch(2, owner=owner)
    with pytest.raises(IntegrityError, match="in_order"):
        Apart.objects.create(owner=owner, first=second, second=first, said_at=NOW)


def test_apart_twice_is_refused(owner):
    first, second = ContactFactory.create_batch(2, owner=owner)
    Apart.say(first, second, at=NOW)
    with pytest.raises(IntegrityError, match="said_once"):
        Apart.objects.create(owner=owner, first=first, second=second, said_at=NOW)


def test_conversation_logged_from_a_page_older_than_the_merge_is_with_the_one_who_stays(client, owner):
    kept, gone = ContactFactory(owner=owner, name="Hannah"), ContactFactory(owner=owner, name="Hannah V.")
    merge(client, kept, gone)

    talk = conversations.log(talk=Interaction(happened_on=NOW.date()), people=[gone, kept], by=owner, at=NOW)

    assert list(talk.people.all()) == [kept]
    kept.refresh_from_db()
    assert kept.last_contact_on == NOW.date()
