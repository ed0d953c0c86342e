"""Which tests run a second time, on the distribution's Postgres and Redis."""

from types import SimpleNamespace

import pytest

from devstack.pytest_plugin import pytest_collection_modifyitems


def a_test(name, *marks, fixtures=()):
    return SimpleNamespace(
        nodeid=name, fixturenames=[*fixtures], get_closest_marker=lambda mark: mark if mark in marks else None
    )


def kept(items, *, second_round=True):
    """Return the names that stay; what goes has to be told to pytest."""
    told = []
    hook = SimpleNamespace(pytest_deselected=lambda items: told.extend(items))
    names = {item.nodeid for item in items}
    pytest_collection_modifyitems(SimpleNamespace(getoption=lambda name: second_round, hook=hook), items)
    assert names == {item.nodeid for item in [*items, *told]}
    return [item.nodeid for item in items]


@pytest.mark.parametrize("fixture", ["db", "transactional_db", "valkey", "own_postgres"])
def test_whoever_asks_for_a_server_stays(fixture):
    assert kept([a_test("a", fixtures=[fixture]), a_test("b", fixtures=["client"])]) == ["a"]


@pytest.mark.parametrize("mark", ["django_db", "servers"])
def test_whoever_is_marked_for_one_stays(mark):
    assert kept([a_test("a", mark), a_test("b")]) == ["a"]


@pytest.mark.parametrize("mark", ["browser", "once"])
def test_browsers_and_what_is_tried_once_go(mark):
    assert kept([a_test("a", "django_db", mark), a_test("b", "django_db")]) == ["b"]


def test_of_the_same_statements_one_case_stays_in_any_order():
    cases = [a_test(f"a.py::test_a[{case}]", "django_db", "same_statements") for case in (3, 1, 2)]
    others = [a_test("a.py::test_b[1]", "django_db", "same_statements"), a_test("a.py::test_c[2]", "django_db")]

    assert kept([*cases, *others]) == ["a.py::test_a[1]", "a.py::test_b[1]", "a.py::test_c[2]"]


def test_everything_runs_in_the_first_round():
    assert kept([a_test("b"), a_test("a", "once")], second_round=False) == ["b", "a"]
