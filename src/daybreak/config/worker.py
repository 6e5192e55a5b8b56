"""The worker beside the server: it delivers queued events, and seals the audit every second.

It ends when the server's end of its standard input closes, so that a server killed outright leaves no worker behind.
"""

import os
import signal
import sys
import threading

SEAL_EVERY_SECONDS = 1.0
CHECKPOINT_EVERY = 3600


def main() -> None:
    """Run until SIGTERM, SIGINT or the end of standard input."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daybreak.config.settings")
    import django

    django.setup()
    from procrastinate.contrib.django import app

    ended = threading.Event()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_server, daemon=True).start()
    sealer = threading.Thread(target=_seal_until, args=(ended,), daemon=True)
    sealer.start()
    try:
        app.run_worker(concurrency=1, shutdown_graceful_timeout=3, listen_notify=True)
    finally:
        ended.set()
        sealer.join(3)


def _end_with_server() -> None:
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


def _seal_until(ended: threading.Event) -> None:
    """Seal each second. A database that is away is tried again; the entries wait for it."""
    from django.conf import settings
    from django.db import Error, close_old_connections

    from daybreak.kernel.moments import now
    from daybreak.ledger.checkpoint import seal_committed, write_checkpoint

    ticks = 0
    while not ended.wait(SEAL_EVERY_SECONDS):
        try:
            seal_committed()
            if ticks % CHECKPOINT_EVERY == 0 and "owner" in settings.DATABASES:
                write_checkpoint(settings.DAYBREAK_CHECKPOINTS, alias="owner", at=now())
            ticks += 1
        except Error as fault:
            print(f"The sealer could not reach the database: {type(fault).__name__}", file=sys.stderr)
        finally:
            close_old_connections()


if __name__ == "__main__":
    main()
