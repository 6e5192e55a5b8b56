"""The ports through which a message leaves the house: e-mail by Django's own backend, and text messages.

Behind the port of text messages stands a folder for now, one file for each message; a gateway takes them from there.
A port that nothing was set up for says so by NotSetUp, and the message waits.
"""

import json
import os
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from daybreak.kernel.refusal import Refusal

SMTP_SECONDS = 10


class NotSetUp(Refusal):
    """This installation has no way yet to send such a message."""


class NotCarried(Refusal):
    """The message could not be handed over; it is tried again."""


def is_set_up(channel: str) -> bool:
    """Return whether this installation can send by `channel`, “email” or “text”."""
    if channel == "text":
        return bool(settings.DAYBREAK_TEXTS)
    return bool(settings.EMAIL_HOST) or not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend")


def carry(channel: str, *, key: UUID, to: str, subject: str, words: str) -> None:
    """Hand one message over; raise NotSetUp or NotCarried, and nothing has left then.

    The same `key` again is the same message: the file is there already, and a mail carries the same Message-ID.
    """
    if not is_set_up(channel):
        raise NotSetUp(f"Nothing is set up that could send a message by {channel}.")
    try:
        if channel == "text":
            _put_down(Path(settings.DAYBREAK_TEXTS), key=key, to=to, words=words)
        else:
            _post(key=key, to=to, subject=subject, words=words)
    except OSError as fault:  # smtplib's errors are OSErrors too
        raise NotCarried(f"The message was not taken ({type(fault).__name__}).") from fault


def _put_down(folder: Path, *, key: UUID, to: str, words: str) -> None:
    """Write the file beside its place, then move it there: whoever reads the folder never sees half a message."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    place, beside = folder / f"{key}.json", folder / f".{key}.part"
    if place.exists():
        return
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump({"key": str(key), "to": to, "text": words}, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(place)


def _post(*, key: UUID, to: str, subject: str, words: str) -> None:
    sender = settings.DEFAULT_FROM_EMAIL
    EmailMessage(
        subject=subject,
        body=words,
        to=[to],
        headers={"Message-ID": f"<{key}@{sender.rpartition('@')[2].rstrip('>')}>", "Auto-Submitted": "auto-generated"},
        connection=get_connection(timeout=SMTP_SECONDS)
        if settings.EMAIL_BACKEND.endswith("smtp.EmailBackend")
        else None,
    ).send()
