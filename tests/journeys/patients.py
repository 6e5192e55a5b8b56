"""An installation whose patients have links and own pages, served by the command that a clinic uses."""

from tests.journeys.bedside import Bedside

PATIENTS = """
import json
from datetime import timedelta
from daybreak.config.cluster import using
from daybreak.config.environment import installation
with using(installation().cluster):
    import django
    django.setup()
    from daybreak.follow_up.actions.own_page import make_own_page
    from daybreak.identity.public import Person, note_particulars
    from daybreak.kernel.keys import new_key
    from daybreak.kernel.moments import now
    from daybreak.kernel.scope import scoped
    from tests.rooms.follow_up.phone import invited, token_for
    from tests.world.people import make_world
    world = make_world()
    pia, luz, ben = (world.patient(given=given) for given in ("Pia", "Luz", "Ben"))
    with scoped(world.scope("coordinator")) as scope:
        who = Person("Luz", "Sommer", None, language="es")
        note_particulars(scope, patient=luz, person=who, key=new_key(), at=now())
        own = make_own_page(scope, patient=ben, at=now())
    links = {name: token_for(world, invited(world, patient, at=world.now - timedelta(minutes=5))) for name, patient in (("pia", pia), ("luz", luz))}
    print(json.dumps({**links, "own": own}))
    from daybreak.config.database import close_connections
    close_connections()
"""
STORED = """
from daybreak.follow_up.models import Task, TaskStep
from daybreak.kernel.scope import Scope, scoped
from daybreak.measure.public import AnswerSet
with scoped(Scope("dawn", None, "a test")):
    found = dict(
        answered=AnswerSet.objects.count(),
        calls=Task.objects.filter(kind="asked_for_help").count(),
        mistaken=TaskStep.objects.filter(step="mistaken").count(),
    )
    assert found | dict({wanted}) == found, found
"""


class Clinic(Bedside):
    """`daybreak serve` at a home of its own, with patients who are asked."""

    script = PATIENTS

    def has(self, **wanted: int) -> None:
        """Demand what the clinic has stored: `answered` questionnaires, `calls` for help, those said to be `mistaken`."""
        self.run_python(STORED.format(wanted=", ".join(f"{name}={n}" for name, n in wanted.items())))
