# One image for web, worker, beat and migrations; docker-compose.yml says which is which.

FROM python:3.13-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
RUN python -m venv /venv
COPY requirements/base.txt /tmp/base.txt
RUN /venv/bin/pip install --no-deps --require-hashes -r /tmp/base.txt
COPY . /app
WORKDIR /app
# Collecting static files reads the settings but uses none of these; nothing of them is kept.
RUN BASE_URL=https://build.invalid OPERATOR_NAME=build OPERATOR_EMAIL=build@build.invalid \
    SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
    FIELD_KEYS="$(python -c 'import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode())')" \
    DATABASE_URL=postgresql://build.invalid/build REDIS_URL=redis://build.invalid EMAIL_URL=smtps://build.invalid \
    DEFAULT_FROM_EMAIL=build@build.invalid \
    /venv/bin/python manage.py collectstatic --noinput && \
    /venv/bin/python -m compileall -q /app /venv/lib

FROM python:3.13-slim-bookworm
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin waymark
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER 10001
EXPOSE 8000
# The server answers to its own name only, so the check asks by it.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["python", "-c", "import os, urllib.parse as p, urllib.request as r; r.urlopen(r.Request('http://127.0.0.1:8000/healthz', headers={'Host': p.urlsplit(os.environ['BASE_URL']).hostname}), timeout=4)"]
# No access log: its lines would hold the secrets of calendar feeds, invitations and unsubscribe links.
CMD ["gunicorn", "config.wsgi", "--bind=0.0.0.0:8000", "--worker-class=gthread", "--workers=2", "--threads=4", "--max-requests=2000", "--max-requests-jitter=200", "--graceful-timeout=30", "--worker-tmp-dir=/dev/shm", "--no-control-socket"]
