"""The trials of the page as a file from which `daybreak evidence pool`, and anything else, comes to the same result."""

import csv
import io

from daybreak.evidence.rules.synthesis import Effect, Synthesis

COUNTS = ("events_1", "total_1", "events_2", "total_2")
EFFECTS = ("estimate", "standard_error")


def as_csv(found: Synthesis) -> str:
    """Return a row for each trial: its counts where they are pooled as two groups, and otherwise its effect with the
    standard error, which for a ratio are those of the logarithm.
    """
    counted = found.asked.measure.is_of_events and not any(each.comparison.correlation for each in found.effects)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["trial", "year", *(COUNTS if counted else EFFECTS), "numbers"])
    for each in found.effects:
        trial, provisional = each.comparison.trial, each.comparison.is_provisional
        told = _counts(each) if counted else [each.estimate, each.variance**0.5]
        writer.writerow([trial.title, trial.year, *told, "provisional" if provisional else "checked"])
    return text.getvalue()


def command_of(found: Synthesis, file: str) -> str:
    """Return what to type to pool the file as the page did."""
    how = f"--measure {found.asked.measure} --method {found.pooled.method} --interval {found.pooled.interval}"
    return f"daybreak evidence pool {file} {how}"


def _counts(effect: Effect) -> list[int | None]:
    treated, control = effect.comparison.treated, effect.comparison.control
    return [number for side in (treated, control) if side for number in (side.events, side.total)]
