"""What the log may hold: ids of sites, never people, answers, or the addresses that name them."""

import logging


class NoAddresses(logging.Filter):
    """Cuts addresses after their second part: what follows names a patient, or is a secret link."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(map(_cut, record.args))
        return True


class ShortRefusals(logging.Filter):
    """Tells a request that was refused in one line; only a failure of the house itself comes with its trace."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name == "django.request" and record.levelno < logging.ERROR:
            record.exc_info = None
        return True


def _cut(address: object) -> object:
    if not isinstance(address, str) or not address.startswith("/"):
        return address
    parts = address.split("?")[0].split("/")
    return "/".join(parts[:3]) + ("/…" if len(parts) > 3 else "")
