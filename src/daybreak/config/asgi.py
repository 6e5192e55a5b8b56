"""The ASGI application, warmed before it takes its first request, and beside it the watch over the alert path."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daybreak.config.settings")

from django.core.asgi import get_asgi_application

from daybreak.config.watcher import start_watching

application = get_asgi_application()
start_watching()
