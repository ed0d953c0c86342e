"""The lock files say what pyproject.toml asks for, completely, and name no registry."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement

from devstack.places import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOCKS = ["base", "run", "dev"]


def read_lock(name):
    """Return the requirements of a lock file, by name, and how many hashes each has."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    entries = re.split(r"\n(?=[a-z0-9])", text)[1:]
    found = {}
    for entry in entries:
        requirement = Requirement(entry.split("\\")[0].split("\n")[0].strip())
        found[requirement.name] = (requirement, entry.count("--hash=sha256:"))
    return found


def wanted(group):
    """Return what pyproject.toml names for a lock, groups included."""
    if group == "base":
        return [Requirement(text) for text in PROJECT["project"]["dependencies"]]
    requirements = wanted("base")
    for item in PROJECT["dependency-groups"][group]:
        requirements += wanted(item["include-group"]) if isinstance(item, dict) else [Requirement(item)]
    return requirements


@pytest.mark.parametrize("name", LOCKS)
def test_lock_holds_what_the_project_names(name):
    lock = read_lock(name)
    for requirement in wanted(name):
        assert requirement.name in lock, f"run `make lock`: {requirement.name} is missing"
        (specifier,) = lock[requirement.name][0].specifier
        assert requirement.specifier.contains(specifier.version), f"run `make lock`: {requirement}"


@pytest.mark.parametrize("name", [*LOCKS, "uv"])
def test_lock_pins_every_package_by_hash(name):
    lock = read_lock(name)

    assert lock
    for requirement, hashes in lock.values():
        assert str(requirement.specifier).startswith("=="), requirement
        assert hashes, requirement


def test_smaller_locks_agree_with_larger_ones():
    base, run, dev = (read_lock(name) for name in LOCKS)

    assert base.keys() <= run.keys() <= dev.keys()
    for smaller, larger in ((base, run), (run, dev)):
        assert {name: entry[0].specifier for name, entry in smaller.items()} == {
            name: larger[name][0].specifier for name in smaller
        }


def test_running_needs_no_test_tools():
    assert not {"pytest", "playwright", "mypy", "ruff"} & read_lock("run").keys()


@pytest.mark.parametrize("name", [*LOCKS, "uv"])
def test_lock_names_no_host(name):
    text = (ROOT / "requirements" / f"{name}.txt").read_text()

    assert not re.search(r"://|^--|find-links|index-url", text, re.MULTILINE)
