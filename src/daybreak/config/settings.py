"""Django's settings. Whatever is secret or differs between installations comes from `config.environment`."""

import os
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from csp.constants import NONE, SELF

from daybreak.config.cluster import address
from daybreak.config.environment import installation
from daybreak.config.postgres.base import clear_scope

PLACE = installation()
PACKAGE = Path(__file__).resolve().parent.parent
ROOMS = (
    "ledger",
    "people",
    "identity",
    "evidence",
    "learn",
    "measure",
    "screen",
    "consent",
    "treat",
    "follow_up",
    "register",
    "watch",
)

SECRET_KEY = PLACE.key("session.key").hex()
DAYBREAK_MASTER_KEY = PLACE.key("master.key")
DAYBREAK_SIGNING_KEY = PLACE.key("signing.key")
DAYBREAK_SNAPSHOTS = PLACE.snapshots
DAYBREAK_CHECKPOINTS = PLACE.checkpoints
DAYBREAK_SITE_DEFINITIONS = os.environ.get("DAYBREAK_DEFINITIONS")
DAYBREAK_LAST_GOOD_DEFINITIONS = PLACE.home / "definitions"
# Packs that are off by default ("noncommercial"), and the folder of wording that each site shows under its own licence.
DAYBREAK_PACKS = os.environ.get("DAYBREAK_PACKS", "").replace(",", " ").split()
DAYBREAK_LICENSED = os.environ.get("DAYBREAK_LICENSED")

DEBUG = False
ALLOWED_HOSTS = os.environ.get("DAYBREAK_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("DAYBREAK_ORIGINS", "").split(",") if o]
HTTPS = bool(CSRF_TRUSTED_ORIGINS) and all(o.startswith("https://") for o in CSRF_TRUSTED_ORIGINS)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "django_htmx",
    "procrastinate.contrib.django",
    "daybreak.design",
    *(f"daybreak.{room}" for room in ROOMS),
]
# Operational tables of libraries: the application's role may use them; every other table needs a guard (ledger.guards).
THIRD_PARTY = ("auth", "contenttypes", "sessions", "account", "mfa", "axes", "procrastinate")

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "daybreak.config.assets.Assets",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "daybreak.config.edge.Edge",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "daybreak.config.urls"
CSRF_FAILURE_VIEW = "daybreak.config.refused.csrf_failure"
ASGI_APPLICATION = "daybreak.config.asgi.application"

_PROCESSORS = [
    "django.template.context_processors.request",
    "django.contrib.messages.context_processors.messages",
    "daybreak.config.shell.shell",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [
            PACKAGE / "design" / "templates",
            *(PACKAGE / room / "web" / "templates" for room in (*ROOMS, "desk")),
        ],
        "OPTIONS": {"environment": "daybreak.design.environment.environment", "context_processors": _PROCESSORS},
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                *_PROCESSORS,
                "django.contrib.auth.context_processors.auth",
                "daybreak.config.sign_in.house",
            ]
        },
    },
]


def _database(url: str, **options: object) -> dict[str, object]:
    parts = urlsplit(url)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "daybreak.config.postgres",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or query.pop("host", ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 0,
        "OPTIONS": {**query, **options},
        "TEST": {"NAME": parts.path.lstrip("/")},
    }


_POOL = {"min_size": 1, "max_size": 12, "timeout": 10, "reset": clear_scope}
# What a connection asks a second time is prepared: planning a read, with the policies of its tables, takes longer than
# running it.
_APPLICATION = {"pool": _POOL, "server_side_binding": True, "prepare_threshold": 1}
if PLACE.database_url:
    DATABASES = {"default": _database(PLACE.database_url, **_APPLICATION)}
    if PLACE.owner_url:
        DATABASES["owner"] = _database(PLACE.owner_url)
    if PLACE.freeze_url:
        DATABASES["freeze"] = _database(PLACE.freeze_url)
else:
    DATABASES = {
        "default": _database(address(PLACE.cluster, "daybreak_app"), **_APPLICATION),
        "owner": _database(address(PLACE.cluster, "daybreak_owner")),
        "freeze": _database(address(PLACE.cluster, "daybreak_freeze")),
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "daybreak.config.sign_in.ClosedDoor"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = "daybreak.config.sign_in.display_name"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "login"
AXES_VERBOSE = False

SESSION_COOKIE_NAME = "daybreak_session"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "media-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

STATIC_URL = "/static/"
STATICFILES_DIRS: list[Path] = []
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
# What is named by a hash of what it holds never changes: nobody asks for it a second time.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/dist/.+-[0-9A-Z]{8}\.[a-z0-9]+$"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]  # staff read English; patients what they choose
LOCALE_PATHS = [PACKAGE / "config" / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
FILE_UPLOAD_HANDLERS = ["daybreak.screen.web.uploading.InMemory"]  # no file is written in clear
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = os.environ.get("DAYBREAK_MAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("DAYBREAK_MAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("DAYBREAK_MAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("DAYBREAK_MAIL_PASSWORD", "")
EMAIL_USE_TLS = bool(os.environ.get("DAYBREAK_MAIL_TLS"))
# A folder that a gateway for text messages reads; without it they wait.
DAYBREAK_TEXTS = os.environ.get("DAYBREAK_TEXTS", "")
# Where people reach this installation: what the link in a message begins with.
DAYBREAK_ADDRESS = CSRF_TRUSTED_ORIGINS[0] if CSRF_TRUSTED_ORIGINS else f"http://127.0.0.1:{PLACE.port}"
DEFAULT_FROM_EMAIL = os.environ.get("DAYBREAK_MAIL_FROM", "daybreak@localhost")

# Ids only: no names, no answers, no addresses of patients' pages.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "no_addresses": {"()": "daybreak.config.logs.NoAddresses"},
        "short_refusals": {"()": "daybreak.config.logs.ShortRefusals"},
    },
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "plain",
            "filters": ["no_addresses", "short_refusals"],
        }
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"daybreak.gateway": {"level": "INFO"}},  # names each code that is not read, once
}
PROCRASTINATE_IMPORT_PATHS = ["daybreak.config.events"]
