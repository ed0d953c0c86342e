"""Dockerfile and docker-compose.yml, read as a person would before trusting them."""

import re

import pytest
import yaml

from devstack.commands import WORKER
from devstack.places import ROOT

COMPOSE_TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE = yaml.safe_load(COMPOSE_TEXT)
SERVICES = COMPOSE["services"]
OURS = ["web", "worker", "beat", "migrate"]
SECRETS = ["SECRET_KEY", "FIELD_KEYS", "EMAIL_URL", "POSTGRES_PASSWORD", "REDIS_PASSWORD"]


def dockerfile():
    """Return the instructions of the Dockerfile, continued lines joined."""
    text = re.sub(r"^\s*#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE).replace("\\\n", " ")
    return [line.split(maxsplit=1) for line in text.splitlines() if line.strip()]


def test_compose_has_the_whole_house():
    assert set(SERVICES) == {"web", "worker", "beat", "migrate", "db", "redis"}
    assert set(COMPOSE["volumes"]) == {"database", "queue"}


@pytest.mark.parametrize("name", SECRETS)
def test_compose_secrets_have_no_default(name):
    uses = re.findall(rf"\$\{{{name}[^}}]*\}}", COMPOSE_TEXT)

    assert uses
    assert all(use.startswith(f"${{{name}:?") for use in uses)


@pytest.mark.parametrize("name", OURS)
def test_compose_services_of_ours_are_held_short(name):
    service = SERVICES[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service
    assert "user" not in service  # the image's own, which is not root


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_compose_waits_for_migrations(name):
    assert SERVICES[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
    assert SERVICES[name]["restart"] == "unless-stopped"


def test_compose_starts_the_worker_that_is_tested():
    assert set(WORKER) <= set(SERVICES["worker"]["command"].split())


def test_compose_migrates_once_when_the_database_is_there():
    migrate = SERVICES["migrate"]

    assert migrate["command"] == "python manage.py migrate"
    assert migrate["depends_on"]["db"]["condition"] == "service_healthy"
    assert migrate["environment"]["DATABASE_STATEMENT_TIMEOUT_MS"] == "0"
    assert migrate["environment"]["SECRET_KEY"].startswith("${SECRET_KEY:?")  # the merge kept the rest


@pytest.mark.parametrize("name", ["worker", "db", "redis"])
def test_compose_health_checks(name):
    assert SERVICES[name]["healthcheck"]["test"]


def test_compose_opens_nothing_to_the_world():
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}

    assert published == {"web": ["127.0.0.1:${PORT:-8000}:8000"]}


def test_compose_images_and_volumes_are_named():
    for name in ("db", "redis"):
        assert re.search(r":\d", SERVICES[name]["image"])
        assert SERVICES[name]["volumes"][0].split(":")[0] in COMPOSE["volumes"]


def test_compose_names_only_settings_there_are():
    documented = set(re.findall(r"^(\w+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))

    for name in OURS:
        assert set(SERVICES[name]["environment"]) <= documented


def test_dockerfile_builds_in_one_stage_and_runs_in_another():
    instructions = dockerfile()
    stages = [index for index, (word, _) in enumerate(instructions) if word == "FROM"]

    assert len(stages) == 2
    assert all(re.search(r":\d", instructions[index][1]) for index in stages)
    final = dict(instructions[stages[1] :])
    assert final["USER"] not in {"root", "0"}
    assert "healthz" in final["HEALTHCHECK"]
    assert final["CMD"].startswith('["gunicorn"')
    assert not any(secret in final["ENV"] for secret in SECRETS)


def test_dockerfile_installs_from_the_hashed_lock():
    installs = [rest for word, rest in dockerfile() if word == "RUN" and "pip install" in rest]

    assert installs == ["/venv/bin/pip install --no-deps --require-hashes -r /tmp/base.txt"]


def test_image_holds_every_app_and_no_development_tools():
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    apps = {path.parent.name for path in ROOT.glob("*/apps.py")} - {"devstack"}

    assert "*" in ignored
    assert apps | {"config", "templates", "static"} <= {line[1:] for line in ignored if line.startswith("!")}
    assert not any("devstack" in line or "tests" in line for line in ignored)


def test_deploy_guide_names_only_commands_there_are():
    from django.core.management import get_commands

    text = (ROOT / "docs/deploy.md").read_text()
    named = set(re.findall(r"manage\.py (\w+)", text))

    assert {"migrate", "mail_pause", "mail_resume", "rotate_field_keys"} <= named
    assert named <= set(get_commands())
