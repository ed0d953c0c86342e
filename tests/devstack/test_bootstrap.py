"""Setting up: what can be said without a network."""

import ast
import os
import subprocess
import sys

import pytest

from devstack import bootstrap
from devstack.places import ROOT

SCRIPT = ROOT / "devstack/bootstrap.py"


def bootstrap_in(tmp_path, *arguments, **environment):
    return subprocess.run(
        [sys.executable, str(SCRIPT), *arguments],
        env=os.environ | environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )


def test_old_pythons_can_read_the_refusal():
    ast.parse(SCRIPT.read_text(), feature_version=(3, 8))


def test_old_pythons_are_refused(monkeypatch):
    monkeypatch.setattr(bootstrap.sys, "version_info", (3, 10, 12))

    with pytest.raises(SystemExit, match=r"Python 3\.11 or newer is needed"):
        bootstrap.main(["run"])


def test_unknown_command_says_which_there_are(tmp_path):
    answer = bootstrap_in(tmp_path, "fly")

    assert answer.returncode == 1
    assert "run" in answer.stderr
    assert "test" in answer.stderr


@pytest.fixture
def venv(tmp_path, monkeypatch):
    folder = tmp_path / "venv"
    (folder / "bin").mkdir(parents=True)
    (folder / "bin/python").touch()
    (folder / "pyvenv.cfg").write_text("version = 3.11.7")
    monkeypatch.setattr(bootstrap, "VENV", folder)
    monkeypatch.setattr(bootstrap, "PYTHON", folder / "bin/python")
    return folder


def test_install_is_remembered_until_the_lock_or_python_changes(venv, tmp_path, monkeypatch):
    requirements = tmp_path / "requirements"
    requirements.mkdir()
    (requirements / "run.txt").write_text("one==1")
    monkeypatch.setattr(bootstrap, "REQUIREMENTS", requirements)
    assert not bootstrap.is_installed("run")

    bootstrap.stamp_file("run").write_text(bootstrap.wanted_stamp("run"))
    assert bootstrap.is_installed("run")

    (requirements / "run.txt").write_text("one==2")
    assert not bootstrap.is_installed("run")
    (requirements / "run.txt").write_text("one==1")
    (venv / "pyvenv.cfg").write_text("version = 3.12.1")
    assert not bootstrap.is_installed("run")


def test_every_make_target_is_a_command():
    makefile = (ROOT / "Makefile").read_text()
    targets = makefile.split(".PHONY:")[1].split()

    assert set(targets) - {"help"} <= {*bootstrap.COMMANDS, "clean"}
    for target in targets:
        assert f"\n{target}: ##" in makefile
