"""Django's settings for Kumo; what a user may set is read here, once, and checked."""

import ipaddress
import os
import re
import socket
from datetime import timedelta
from pathlib import Path

from kumo.variables import Variables, WrongVariable

BASE_DIR = Path(__file__).resolve().parent.parent
variables = Variables(BASE_DIR)

# -- Where things are -------------------------------------------------------------------------
KUMO_HOME = variables.home("KUMO_HOME", BASE_DIR / "var")
KUMO_BIND = variables.address("KUMO_BIND", "127.0.0.1:8000")
KUMO_TLS = variables.flag("KUMO_TLS")
KUMO_REDIS_URL = variables.url("KUMO_REDIS_URL", ("redis", "rediss", "unix"))
KUMO_SLOTS = variables.number("KUMO_SLOTS", 2 * (os.cpu_count() or 1), 1, 1000)
KUMO_WORKERS = variables.number("KUMO_WORKERS", 1, 1, 64)
KUMO_DEMO = variables.flag("KUMO_DEMO", True)
KUMO_NODE_NAME = (
    variables.text("KUMO_NODE_NAME")
    or re.sub(r"[^a-z0-9_-]+", "-", socket.gethostname().lower()).strip("-_")[:64]
    or "local"
)
if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,63}", KUMO_NODE_NAME):
    raise WrongVariable("KUMO_NODE_NAME", "write small letters, digits, - and _ only.")

# -- Security ---------------------------------------------------------------------------------
DEBUG = False
SECRET_KEY = variables.key("KUMO_SECRET_KEY", KUMO_HOME / "keys" / "secret_key")
KUMO_FIELD_KEY = variables.key("KUMO_FIELD_KEY", KUMO_HOME / "keys" / "field_key")
LOOPBACK_NAMES = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = variables.names("KUMO_ALLOWED_HOSTS") or LOOPBACK_NAMES


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


if ALLOWED_HOSTS == LOOPBACK_NAMES and not is_loopback(KUMO_BIND[0]):
    raise WrongVariable(
        "KUMO_ALLOWED_HOSTS",
        f"KUMO_BIND opens Kumo beyond this machine ({KUMO_BIND[0]}); "
        "write the names that people reach it by.",
    )
CSRF_TRUSTED_ORIGINS = [
    f"https://{host.lstrip('.')}" for host in ALLOWED_HOSTS if KUMO_TLS and host != "*"
]
SESSION_COOKIE_NAME = "kumo_session"
CSRF_COOKIE_NAME = "kumo_csrf"
LANGUAGE_COOKIE_NAME = "kumo_language"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = KUMO_TLS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_USE_SESSIONS = False
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = KUMO_TLS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 31_536_000 if KUMO_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = KUMO_TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if KUMO_TLS else None
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_TEMP_DIR = None

# -- Applications -----------------------------------------------------------------------------
INSTALLED_APPS = [
    "kumo.apps.KumoConfig",
    "kumo.admin.apps.KumoAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "channels",
    "django_q",
    "axes",
    "audit",
    "nodes",
    "envs",
    "tasks",
    "monitoring",
    "backups",
]
MIDDLEWARE = [
    "kumo.middleware.ContentSecurityPolicy",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "kumo.middleware.CompressPages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "kumo.middleware.UserPreferences",
    "audit.middleware.RequestContext",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "kumo.urls"
ASGI_APPLICATION = "kumo.asgi.application"
AUTH_USER_MODEL = "audit.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
# After five wrong passwords for an account from one address, that address waits for it.
AXES_FAILURE_LIMIT = 5
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_LOCKOUT_TEMPLATE = "admin/locked_out.html"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
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
            ],
        },
    }
]

# -- Database ---------------------------------------------------------------------------------
DATABASES = {
    "default": variables.env.db("DATABASE_URL", default=f"sqlite:///{KUMO_HOME}/db.sqlite3")
}
database = DATABASES["default"]
if database["ENGINE"].endswith("sqlite3"):
    database["ENGINE"] = "kumo.sqlite3"
    database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
database["CONN_MAX_AGE"] = None
database["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# -- Queue and sockets ------------------------------------------------------------------------
Q_CLUSTER = {
    "name": "kumo",
    "label": "Deliveries",
    "workers": KUMO_WORKERS,
    "recycle": 2000,
    "timeout": 50,
    "retry": 60,
    "max_attempts": 3,
    "ack_failures": True,
    "save_limit": -1,
    "queue_limit": 4,
    "guard_cycle": 1,
    "scheduler": False,
    "catch_up": False,
    "log_level": "WARNING",
    **(
        {"redis": KUMO_REDIS_URL}
        if KUMO_REDIS_URL
        else {"orm": "default", "poll": 0.2, "broker_class": "kumo.broker.WakeBroker"}
    ),
}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        "CONFIG": {"hosts": [KUMO_REDIS_URL]},
    }
    if KUMO_REDIS_URL
    else {"BACKEND": "channels.layers.InMemoryChannelLayer"}
}

# -- Language and time ------------------------------------------------------------------------
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LANGUAGE_CODE = variables.choice("KUMO_LANGUAGE", "en", tuple(code for code, _name in LANGUAGES))
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = variables.zone("KUMO_TIME_ZONE", "UTC")
USE_TZ = True
FORMAT_MODULE_PATH = ["kumo.formats"]
USE_I18N = True

# -- Static files -----------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = KUMO_HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "kumo.statics.HashedStatics"},
}
WHITENOISE_USE_FINDERS = False
WHITENOISE_AUTOREFRESH = False

# -- Logging ----------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"terminal": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["terminal"], "level": "WARNING"},
    "loggers": {"kumo": {"level": "INFO"}, "daphne": {"level": "WARNING"}},
}
SILENCED_SYSTEM_CHECKS = []
