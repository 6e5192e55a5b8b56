"""The monitor in sentences: for the top of the page, the titles of figures, and the command line."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from daybreak.design.public import number, percent
from daybreak.stats.public import Estimate
from daybreak.watch.counts import OutcomeCounts
from daybreak.watch.disclosure import HARM, NOTHING, PEOPLE, RELAPSE
from daybreak.watch.rules import INDUCTION_DAYS, Monitor


def too_few() -> str:
    """Return what stands in place of a number about a small group."""
    return _("Not shown: a group here, or what is left of it without your own people, has fewer than 11 people.")


def share_words(share: Estimate) -> str:
    """Return a share with its interval, as “64 % (95 % interval 46 % to 78 %)”."""
    if share.value is None:
        return _("nobody assessed")
    return _("%(share)s (95 %% interval %(lower)s to %(upper)s)") % {
        "share": percent(share.value),
        "lower": percent(share.lower),
        "upper": percent(share.upper),
    }


def sentences(found: Monitor, hidden: frozenset[str] = NOTHING) -> list[str]:
    """Return what the monitor shows, a sentence each: use, outcome, relapse, harm."""
    if hidden >= {PEOPLE, HARM, RELAPSE}:
        return [_("Too few people are in the register for figures of all sites together; see your own site's.")]
    return [use(found, hidden), outcomes(found, hidden), relapse(found, hidden), harm(found, hidden)]


def use(found: Monitor, hidden: frozenset[str] = NOTHING) -> str:
    """Return how much treatment there was."""
    seen = found.exposure
    if PEOPLE in hidden:
        return _("How many people were treated is not shown: too few.")
    if not seen.treated:
        return _("Nobody whose consent to the registry stands has been treated yet.")
    return _(
        "%(treated)s of the %(consenting)s people in the register have been treated, in %(sessions)s sessions."
    ) % {
        "treated": number(seen.treated),
        "consenting": number(seen.consenting),
        "sessions": number(seen.sessions),
    }


def outcomes(found: Monitor, hidden: frozenset[str] = NOTHING) -> str:
    """Return response and remission a week after induction, with denominators."""
    response, remission = found.response.headline, found.remission.headline
    if f"response/{response.window}" in hidden or f"remission/{remission.window}" in hidden:
        return _("How many responded a week after induction is not shown: too few.")
    if not response.share.denominator:
        return _("Nobody has been assessed a week after induction yet.")
    return _(
        "A week after induction %(met)s of %(of)s assessed had responded, and %(well)s of %(of_well)s were "
        "in remission."
    ) % {
        "met": number(response.share.events),
        "of": number(response.counts.assessed),
        "well": number(remission.share.events),
        "of_well": number(remission.counts.assessed),
    }


def relapse(found: Monitor, hidden: frozenset[str] = NOTHING) -> str:
    """Return how long response lasted."""
    counts, curve = found.relapse.counts, found.relapse.curve
    if RELAPSE in hidden:
        return _("How long response lasts is not shown: too few.")
    if curve is None:
        return _("Nobody was seen in response yet, so nothing can be said about relapse.")
    lost = sum(counts.relapsed)
    if curve.median is None:
        return _(
            "Of %(n)s people seen in response %(lost)s were seen to relapse; fewer than half had by the end "
            "of observation."
        ) % {
            "n": number(counts.responders),
            "lost": number(lost),
        }
    return _("Of %(n)s people seen in response %(lost)s were seen to relapse, half of them within %(days)s days.") % {
        "n": number(counts.responders),
        "lost": number(lost),
        "days": number(curve.median),
    }


def harm(found: Monitor, hidden: frozenset[str] = NOTHING) -> str:
    """Return how often events were reported."""
    counts = found.harm.counts
    if HARM in hidden:
        return _("How often adverse events were reported is not shown: too few.")
    if not counts.sessions:
        return _("There was no session, so no adverse event could be reported.")
    serious = ngettext("%(n)s of them serious", "%(n)s of them serious", counts.serious) % {"n": counts.serious}
    return _(
        "An adverse event was reported in %(with)s of %(sessions)s sessions; %(events)s events in all, %(serious)s."
    ) % {
        "with": number(counts.sessions_with_event),
        "sessions": number(counts.sessions),
        "events": number(counts.events),
        "serious": serious,
    }


def who_is_missing(counts: OutcomeCounts) -> str:
    """Return who is not in the denominator of a window, and why."""
    said = [
        _("Not in the denominator: %(n)s treated people without a score in this window (not reached yet, or missed)")
        % {"n": counts.no_score}
    ]
    if counts.no_baseline:
        said.append(_("%(n)s without a usable score before the first session") % {"n": counts.no_baseline})
    return "; ".join(said) + "."


def induction() -> str:
    """Return what counts as induction."""
    return _("Induction is the sessions of a person's first course that started in its first %(days)s days.") % {
        "days": INDUCTION_DAYS
    }


def sessions_only() -> str:
    """Return what funnels of harm do not count."""
    return _("It counts sessions: events between sessions, and for how long people were watched, are not in it.")


def observation() -> str:
    """Return from when to when people were observed."""
    return _(
        "Observed from the start of a person's first session until the last that was heard of the person (a session, a "
        "questionnaire, a check, a task, an event), or until the end of the day on which observation is recorded to "
        "have ended, if that came first. Time in which nobody heard of a person does not count: silence is not safety."
    )
