"""The ASGI application, warmed before it takes its first request."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daybreak.config.settings")

from django.core.asgi import get_asgi_application

application = get_asgi_application()
