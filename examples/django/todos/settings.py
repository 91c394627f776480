import os
from pathlib import Path

from django.core.management.utils import get_random_secret_key

# Whoever has the key can make addresses under which others see a todo. Without one, such addresses end with the process.
SECRET_KEY = os.environ.get("SECRET_KEY") or get_random_secret_key()
API_TOKEN = os.environ.get("API_TOKEN")
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",")

INSTALLED_APPS = ["todos"]
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware", "django.middleware.common.CommonMiddleware"]
ROOT_URLCONF = "todos.urls"
WSGI_APPLICATION = "todos.wsgi.application"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": Path(os.environ.get("STATE", "/var/lib/todos")) / "todos.sqlite3",
        "OPTIONS": {"timeout": 2, "transaction_mode": "IMMEDIATE"},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATA_UPLOAD_MAX_MEMORY_SIZE = 10_000
USE_TZ = True
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
}
