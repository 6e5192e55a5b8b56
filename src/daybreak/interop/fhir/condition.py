"""Condition → ConditionRecord."""

from daybreak.interop.fhir.context import Context
from daybreak.interop.fhir.element import Element, NotAFact
from daybreak.interop.fhir.known_codes import concept
from daybreak.interop.fhir.records import ConditionRecord, When
from daybreak.interop.fhir.times import check_order, past, period

_CLINICAL = frozenset({"active", "recurrence", "relapse", "inactive", "remission", "resolved"})
_NOT_ESTABLISHED = {
    "entered-in-error": "entered in error",
    "refuted": "the diagnosis was refuted",
    "unconfirmed": "the diagnosis is not confirmed",
    "provisional": "the diagnosis is not confirmed",
    "differential": "the diagnosis is not confirmed",
}
_VERIFICATION = frozenset({"confirmed", *_NOT_ESTABLISHED})


def condition_records(resource: Element, context: Context) -> tuple[ConditionRecord, ...]:
    """Return the diagnosis. One that is refuted, in error, or not yet confirmed is not taken as a fact."""
    verification = status_code(resource, "verificationStatus", _VERIFICATION)
    if verification in _NOT_ESTABLISHED:
        raise NotAFact(_NOT_ESTABLISHED[verification])
    patient = context.patient(resource, "subject")
    what = concept(resource.required_element("code"), context.known)
    onset, ended = _course(resource, context)
    return (
        ConditionRecord(
            key_parts=context.key_parts,
            source_id=context.source_id,
            patient=patient,
            system=what.system,
            code=what.code,
            display=what.display,
            means=what.means,
            onset=onset,
            ended=ended,
            recorded=past(resource, "recordedDate", now=context.now),
            status=status_code(resource, "clinicalStatus", _CLINICAL),
            verification=verification,
        ),
    )


def status_code(resource: Element, name: str, allowed: frozenset[str]) -> str:
    """Return the code of a status that FHIR writes as a CodeableConcept, "" where it is absent."""
    status = resource.element(name)
    codings = status.elements("coding") if status else []
    return codings[0].word("code", allowed) if codings else ""


def _course(resource: Element, context: Context) -> tuple[When | None, When | None]:
    """Return onset and end where they are dates; an age, a range or words are no date and are not turned into
    one.
    """
    onset = past(resource, "onsetDateTime", now=context.now)
    ended = past(resource, "abatementDateTime", now=context.now)
    if during := resource.element("onsetPeriod"):
        onset, _ = period(during, now=context.now)
    if during := resource.element("abatementPeriod"):
        _, ended = period(during, now=context.now)
    check_order(onset, ended, f"{resource.path}.abatement[x]")
    return onset, ended
