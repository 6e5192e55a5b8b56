"""How well a session was watched, in words and figures."""

from datetime import timedelta

from django.utils.translation import gettext as _

from daybreak.treat.queries.quality import Quality
from daybreak.treat.rules.quality import Watched
from daybreak.treat.web.presenters import label


def watch_rows(quality: Quality | None) -> list[tuple[str, str, str, str, str, str]]:
    """Return a row for each line of the schedule: sign and stage, in time of asked, late, missed, gap, delay."""
    if quality is None:
        return []
    stages = ((_("during"), quality.during), (_("after"), quality.after))
    return [_row(stage, line) for stage, lines in stages for line in lines if line.asked]


def _row(stage: str, line: Watched) -> tuple[str, str, str, str, str, str]:
    in_time = _("%(n)s of %(all)s") % {"n": line.in_time, "all": line.asked}
    return (f"{label(line.sign)}, {stage}", in_time, str(line.late), str(line.missed), minutes(line.longest_gap),
            minutes(line.longest_delay) if line.late else "–")  # fmt: skip


def minutes(span: timedelta) -> str:
    """Return a span in minutes, as the table's head says."""
    return f"{span.total_seconds() / 60:.0f}"
