"""A process that takes a patient's answers and is killed outright at a chosen point; run as a program.

Arguments: where to die, then key, invitation and patient. Without a point to die at it lives, and its answer is
acknowledged on standard output.
"""

import os
import signal
import sys
from uuid import UUID

POINTS = ("before the task", "after the task", "after the commit", "control: no transaction", "nowhere")


def die(*_: object, **__: object) -> None:
    """End this process as `kill -9` does: nothing is cleaned up, and the server takes the transaction back."""
    os.kill(os.getpid(), signal.SIGKILL)


def main(point: str, key: UUID, invitation: UUID, patient: UUID) -> None:
    """Take the answers, and die where it was said."""
    import django

    django.setup()
    from daybreak.follow_up.actions import answers as module
    from daybreak.kernel.moments import now
    from daybreak.kernel.scope import Scope, scoped
    from daybreak.measure.public import record_answers
    from tests.rooms.follow_up.phone import answers

    said = {**answers(1), "self_harm": 1}
    with scoped(Scope(site="dawn", actor=None, purpose="a test", patient=patient)) as scope:
        if point == "control: no transaction":
            record_answers(
                scope,
                key=key,
                patient=patient,
                instrument="phq9",
                answers=said,
                answered_at=now(),
                by="patient",
            )
            die()
        whole = module.raise_task
        if point == "before the task":
            module.raise_task = die
        elif point == "after the task":
            module.raise_task = lambda *a, **k: (whole(*a, **k), die())
        module.answer(scope, key=key, invitation=invitation, answers=said, at=now())
        if point == "after the commit":
            die()
    print("acknowledged")


if __name__ == "__main__":
    main(sys.argv[1], *(UUID(each) for each in sys.argv[2:5]))
