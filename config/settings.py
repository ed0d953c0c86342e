"""All settings. Every value that differs between machines comes from the environment (.env.example lists them)."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from celery.schedules import crontab
from csp.constants import NONE, SELF
from environs import Env

from config.environment import celery_broker_from_url, database_from_url, refuse_unsafe, smtp_from_url

env = Env()
BASE_DIR = Path(__file__).resolve().parent.parent

# --- What this server is --------------------------------------------------------------------------------------------
BASE_URL = env("BASE_URL").rstrip("/")
INSTANCE_NAME = env("INSTANCE_NAME", "Waymark")
OPERATOR_NAME = env("OPERATOR_NAME")
OPERATOR_EMAIL = env("OPERATOR_EMAIL")
SIGNUP_OPEN = env.bool("SIGNUP_OPEN", False)

# A development machine may use http and gets the mailbox and the demo data. DEBUG adds Django's own error pages and
# is off even there, so that a newcomer meets the same pages as a user.
DEVELOPMENT = env.bool("DEVELOPMENT", False)
DEBUG = env.bool("DEBUG", False)

SECRET_KEY = env("SECRET_KEY")
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])
FIELD_KEYS: list[str] = env.list("FIELD_KEYS")
FAILPOINT = env("WAYMARK_FAILPOINT", "")

IS_HTTPS = BASE_URL.startswith("https://")
ALLOWED_HOSTS = [urlsplit(BASE_URL).hostname or ""]
if DEVELOPMENT:
    ALLOWED_HOSTS += ["localhost", "127.0.0.1", "[::1]"]

# --- Applications ---------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "accounts.apps.OperatorAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "anymail",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "csp",
    "timezone_field",
    "core",
    "accounts",
    "mail",
    "sharing",
    "contacts",
    "goals",
    "wins",
    "journal",
    "mentors",
    "home",
    "reminders",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "core.middleware.CleanInputMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "accounts.middleware.TooOftenMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "core.middleware.SignInRedirectMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.PrivatePagesMiddleware",
    "accounts.middleware.AccountStateMiddleware",
    "core.middleware.ErrorPageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
if DEVELOPMENT:
    INSTALLED_APPS.append("devstack")
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.context.instance",
                "home.context.frame",
            ],
            "builtins": ["core.templatetags.waymark"],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- Database, caches, sessions -------------------------------------------------------------------------------------
DATABASES = {
    # A web page gives up after 5 s; workers and migrations set a longer time of their own.
    "default": database_from_url(
        env("DATABASE_URL"), statement_timeout_ms=env.int("DATABASE_STATEMENT_TIMEOUT_MS", 5000)
    )
}
REDIS_URL = env("REDIS_URL")
CACHES = {
    # Sign-in limits are counted here, so that they hold while Redis is away.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache_entries",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    "fast": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    if REDIS_URL.startswith("memory://")
    else {"BACKEND": "core.cache.ForgivingRedisCache", "LOCATION": REDIS_URL, "KEY_PREFIX": "waymark"},
}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_CACHE_ALIAS = "fast"
SESSION_COOKIE_AGE = int(timedelta(days=30).total_seconds())

# --- Security -------------------------------------------------------------------------------------------------------
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
# Two development servers on one host would otherwise sign each other's people out.
COOKIE_PREFIX = "__Host-" if IS_HTTPS else f"waymark{urlsplit(BASE_URL).port or ''}-"
SESSION_COOKIE_NAME = COOKIE_PREFIX + "session"
CSRF_COOKIE_NAME = COOKIE_PREFIX + "csrf"
CSRF_FAILURE_VIEW = "core.views.csrf_failure"
LANGUAGE_COOKIE_NAME = COOKIE_PREFIX + "language"
CSRF_TRUSTED_ORIGINS = [BASE_URL]
X_FRAME_OPTIONS = "DENY"
# How many proxies in front of this server append to X-Forwarded-For; 0: the socket's address is the visitor's.
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 0)
if TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
OIDC_SERVER_URL = env("OIDC_SERVER_URL", "")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
# Files are not counted by that limit.
FILE_UPLOAD_HANDLERS = [
    "contacts.imports.files.UploadLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --- Sign-in --------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = int(timedelta(days=1).total_seconds())
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "mail.account_mail.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60  # a mail may take a while
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = None  # the sign-in form asks
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if IS_HTTPS else "http"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_FORMS = {
    "add_email": "accounts.forms.AddEmailForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "login": "accounts.forms.LoginForm",
    "request_login_code": "accounts.forms.RequestLoginCodeForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "signup": "accounts.forms.SignupForm",
}
# amount/time/per. "key" is the account or address, with the visitor's network where the comment says so
# (docs/decisions/0010-limits-without-lock-out.md).
ACCOUNT_RATE_LIMITS = {
    "login_failed": "20/m/ip,5/5m/key",  # account and network; also guesses at a second factor, by account alone
    "sign_in_network": "20/d/key",  # account and network
    "sign_in_account": "100/d/key",  # account, from all unknown networks together
    "request_login_code": "20/m/ip",
    "reset_password": "20/m/ip",
    "mail_from_network": "6/h/key",  # address and network: what a signed-out visitor can make us send
    "mail_to_address": "30/h/key",
    "confirm_email": "1/10s/key,12/h/key",
}
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT
MFA_ADAPTER = "accounts.adapters.MFAAdapter"
MFA_FORMS = {
    "add_webauthn": "accounts.forms.AddWebAuthnForm",
    "authenticate_webauthn": "accounts.forms.AuthenticateWebAuthnForm",
    "edit_webauthn": "accounts.forms.EditWebAuthnForm",
    "login_webauthn": "accounts.forms.LoginWebAuthnForm",
    "reauthenticate_webauthn": "accounts.forms.ReauthenticateWebAuthnForm",
    "signup_webauthn": "accounts.forms.SignupWebAuthnForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = MFA_PASSKEY_SIGNUP_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEVELOPMENT
MFA_TOTP_ISSUER = INSTANCE_NAME
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute off
USERSESSIONS_ADAPTER = "accounts.adapters.UserSessionsAdapter"
# Shows when a device was last seen. allauth's middleware would write on every request; ours does once an hour.
USERSESSIONS_TRACK_ACTIVITY = True
SOCIALACCOUNT_ADAPTER = "accounts.adapters.SocialAccountAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_PROVIDERS = (
    {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "oidc",
                    "name": env("OIDC_NAME", "single sign-on"),
                    "client_id": env("OIDC_CLIENT_ID", ""),
                    "secret": env("OIDC_CLIENT_SECRET", ""),
                    "settings": {"server_url": OIDC_SERVER_URL},
                }
            ],
        }
    }
    if OIDC_SERVER_URL
    else {}
)

# --- Mail -----------------------------------------------------------------------------------------------------------
vars().update(smtp_from_url(env("EMAIL_URL")))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env("DEFAULT_FROM_EMAIL")
# Another backend, such as anymail.backends.mailgun.EmailBackend with its settings as JSON in ANYMAIL, replaces SMTP.
EMAIL_BACKEND = env("EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
ANYMAIL = env.json("ANYMAIL", {})
# Mail to reply+<token>@REPLY_DOMAIN comes back to this server (docs/mail-in.md). Empty: nobody is told to just reply.
REPLY_DOMAIN = env("REPLY_DOMAIN", "").strip().lower()
# How long a worker holds the mails it claimed, and so how long they wait if it dies.
MAIL_LEASE_SECONDS = env.int("MAIL_LEASE_SECONDS", 60)

# --- Celery: a doorbell. What is due stands in Postgres. ------------------------------------------------------------
CELERY_BROKER_URL = celery_broker_from_url(REDIS_URL)
CELERY_TASK_ACKS_LATE = CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# A worker without work that hears nothing for so long ends, to be started anew; the clock rings every minute.
WORKER_SILENCE_SECONDS = env.int("WORKER_SILENCE_SECONDS", 180)
# A page that rings the bell must not wait for a hung broker, and does not try again: the sweep will.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_timeout": 0.5,
    "socket_connect_timeout": 0.5,
    "max_retries": 0,
}
CELERY_BEAT_SCHEDULE = {
    "mail": {"task": "mail.tasks.sweep", "schedule": 60.0, "options": {"expires": 55}},
    "answers": {"task": "mail.tasks.take_answers", "schedule": 60.0, "options": {"expires": 55}},
    "schedules": {"task": "reminders.tasks.send_due", "schedule": 60.0, "options": {"expires": 55}},
    "imports": {"task": "contacts.tasks.work_on_imports", "schedule": 60.0, "options": {"expires": 55}},
    "mentoring": {"task": "mentors.tasks.sweep", "schedule": 600.0, "options": {"expires": 590}},
    "housekeeping-mail": {"task": "mail.tasks.housekeeping", "schedule": crontab(hour="3", minute="10")},
    "housekeeping-accounts": {"task": "accounts.tasks.housekeeping", "schedule": crontab(hour="3", minute="20")},
    "housekeeping-contacts": {"task": "contacts.tasks.housekeeping", "schedule": crontab(hour="3", minute="25")},
    "housekeeping-goals": {"task": "goals.tasks.housekeeping", "schedule": crontab(hour="3", minute="30")},
    "housekeeping-wins": {"task": "wins.tasks.housekeeping", "schedule": crontab(hour="3", minute="35")},
    "housekeeping-journal": {"task": "journal.tasks.housekeeping", "schedule": crontab(hour="3", minute="40")},
    "housekeeping-mentors": {"task": "mentors.tasks.housekeeping", "schedule": crontab(hour="3", minute="50")},
    "rhythms": {"task": "mentors.tasks.mind_rhythms", "schedule": crontab(hour="3", minute="55")},
    "agreements": {"task": "mentors.tasks.mind_agreements", "schedule": crontab(hour="3", minute="57")},
    "places": {"task": "mentors.tasks.tell_watchers", "schedule": 600.0, "options": {"expires": 590}},
    "housekeeping-schedules": {"task": "reminders.tasks.housekeeping", "schedule": crontab(hour="4", minute="0")},
}

# --- Language and time ----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en", "English")]
USE_I18N = False
TIME_ZONE = "UTC"
USE_TZ = True

# --- Static files ---------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "var" / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEVELOPMENT
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEVELOPMENT
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# --- Logging --------------------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"class": "core.logs.LineFormatter", "format": "{asctime} {levelname} {name} {message}", "style": "{"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", "INFO")},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        # "Not Found" for every stray request says nothing an access log does not.
        "django.request": {"level": "ERROR"},
    },
}

refuse_unsafe(globals())
