"""The worker beside the server: it delivers queued events, and seals the audit every second.

It ends when the server's end of its standard input closes, so that a server killed outright leaves no worker behind.
It ends as well when its sealer fails, since half a worker looks alive: the server starts a whole one again.
"""

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

SEAL_EVERY_SECONDS = 1.0
CHECKPOINT_EVERY = 3600
ESCALATE_EVERY = 30
SEND_EVERY_SECONDS = 3.0
REMIND_EVERY = 20
LOOK_BACK_EVERY, LOOKED_BACK, EVER = 1200, timedelta(days=1), datetime.min.replace(tzinfo=UTC)
STALLED_AFTER = 30
BEAT_EVERY_SECONDS = 5


def main() -> None:
    """Run until SIGTERM, SIGINT or the end of standard input."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daybreak.config.settings")
    import django

    django.setup()
    from procrastinate.contrib.django import app

    ended = threading.Event()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_server, daemon=True).start()
    sealer = threading.Thread(target=_seal_or_end, args=(ended,), daemon=True)
    sealer.start()
    threading.Thread(target=_send_until, args=(ended,), daemon=True).start()
    try:
        with app.replace_connector(_connector()) as own:
            asyncio.run(_take_up_again(own))
            own.run_worker(concurrency=1, shutdown_graceful_timeout=3, update_heartbeat_interval=BEAT_EVERY_SECONDS)
    finally:
        ended.set()
        sealer.join(3)


async def _take_up_again(app) -> None:
    """Queue again what a killed worker had in hand: listeners may hear an event twice, and must hear it once."""
    async with app.open_async():
        for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER):
            await app.job_manager.retry_job(job)


def _connector():
    """Return the worker's own connection, apart from Django's pool and without a scope: it touches the queue only."""
    from procrastinate import PsycopgConnector

    from daybreak.ledger.public import address_beside

    return PsycopgConnector(kwargs=address_beside(), min_size=1, max_size=3)


def _end_with_server() -> None:
    while os.read(sys.stdin.fileno(), 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def _seal_or_end(ended: threading.Event) -> None:
    try:
        _seal_until(ended)
    finally:
        if not ended.is_set():
            os.kill(os.getpid(), signal.SIGTERM)


def _seal_until(ended: threading.Event) -> None:
    """Seal each second. A database that is away is tried again; the entries wait for it."""
    from django.conf import settings
    from django.db import Error, close_old_connections

    from daybreak.kernel.moments import now
    from daybreak.kernel.refusal import Refusal
    from daybreak.ledger.checkpoint import seal_committed, write_checkpoint

    ticks = 0
    while not ended.wait(SEAL_EVERY_SECONDS):
        try:
            seal_committed()
            if ticks % ESCALATE_EVERY == 0:
                _escalate()
            if ticks % CHECKPOINT_EVERY == 0 and "owner" in settings.DATABASES:
                write_checkpoint(settings.DAYBREAK_CHECKPOINTS, alias="owner", at=now())
            ticks += 1
        except (Error, OSError, Refusal) as fault:
            print(f"The sealer will try again: {type(fault).__name__}", file=sys.stderr)
        finally:
            close_old_connections()


def _send_until(ended: threading.Event) -> None:
    """Ask by message what is open, tell of credentials that end, and send every few seconds.

    This is apart from the sealer: slow mail stalls no seal. Whatever goes wrong is tried again, since the messages wait
    in the database.
    """
    from django.db import close_old_connections

    from daybreak.follow_up.carriers import carry, is_set_up
    from daybreak.follow_up.jobs import remind, send_messages
    from daybreak.follow_up.models import EMAIL
    from daybreak.follow_up.queries.waiting import sites_that_wait
    from daybreak.kernel.moments import now
    from daybreak.people.jobs import remind_of_credentials
    from daybreak.people.public import sites

    ticks = 0
    while not ended.wait(SEND_EVERY_SECONDS):
        try:
            for site in sites() if ticks % REMIND_EVERY == 0 else ():
                _at_one(remind, site.code)
                if is_set_up(EMAIL):
                    _at_one(partial(remind_of_credentials, post=partial(carry, EMAIL)), site.code)
            since = EVER if ticks % LOOK_BACK_EVERY == 0 else now() - LOOKED_BACK
            for each in sites_that_wait(at=now(), since=since):
                _at_one(send_messages, each.site)
            ticks += 1
        except Exception as fault:  # the edge: the thread must outlive any one message
            print(f"Messages will be tried again: {type(fault).__name__}", file=sys.stderr)
        finally:
            close_old_connections()


def _at_one(job: Callable[..., None], site: str) -> None:
    """Do the work of one site; what goes wrong there is tried again, and keeps no other site waiting."""
    from django.db import close_old_connections

    from daybreak.kernel.moments import now

    try:
        job(site=site, at=now())
    except Exception as fault:  # the edge: see above
        print(f"Messages of {site} will be tried again: {type(fault).__name__}", file=sys.stderr)
        close_old_connections()


def _escalate() -> None:
    """Escalate tasks that nobody took in time, at every site that has one open."""
    from daybreak.follow_up.jobs import escalate
    from daybreak.follow_up.queries.waiting import sites_that_wait
    from daybreak.kernel.moments import now

    for each in sites_that_wait(at=now(), since=now()):
        if each.tasks:
            escalate(site=each.site, at=now())


if __name__ == "__main__":
    main()
