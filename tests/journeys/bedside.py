"""An installation with one running infusion, served by the command that a clinic uses, and killed the way power is."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Page

from tests.journeys.demonstration import Demonstration

ROOT = Path(__file__).parents[2]
MAKE = """
import json
from datetime import timedelta
from daybreak.config.cluster import using
from daybreak.config.environment import installation
with using(installation().cluster):
    import django
    django.setup()
    from daybreak.kernel.moments import now
    from daybreak.people.public import Account
    from tests.rooms.treat.stage import planned, turn_alarms_on
    from tests.world.people import make_world
    world = make_world()
    stage = planned(world, hours_ago=0.5)
    turn_alarms_on(world)
    stage.started()
    Account.objects.filter(key__in=[world.staff["dawn", role].key for role in ("nurse", "clinician")]).update(one_click=True)
    print(json.dumps({"session": str(stage.session)}))
    from daybreak.config.database import close_connections
    close_connections()
"""

HAS_PUT_AWAY = """async () => {
    const base = await new Promise((done) => {
        const opening = indexedDB.open("daybreak-bedside");
        opening.onsuccess = () => done(opening.result);
    });
    const kept = await new Promise((done) => {
        const counting = base.transaction("kept").objectStore("kept").count();
        counting.onsuccess = () => done(counting.result);
    });
    base.close();
    return kept === 1;
}"""


def wait_until_put_away(page: Page) -> None:
    """Wait until the page of a chair could be opened without the server: its shell and its session are on the device."""
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_function(HAS_PUT_AWAY)


class Bedside(Demonstration):
    """`daybreak serve` at a home of its own; the nurse and the clinician sign in with one click."""

    words = ("serve",)
    script = MAKE

    def make(self) -> dict[str, str]:
        """Make the database and what the script says; return what it tells, such as the session's key."""
        self.run("migrate")
        environment = {**self.environment, "DJANGO_SETTINGS_MODULE": "daybreak.config.settings"}
        made = subprocess.run(
            [sys.executable, "-c", self.script], env=environment, cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert made.returncode == 0, made.stderr[-3000:]
        return json.loads(made.stdout.splitlines()[-1])

    def cut_power(self) -> None:
        """Kill the server, its workers and its database at once."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)
        for pid, _ in self.running_processes():
            os.kill(pid, signal.SIGKILL)
