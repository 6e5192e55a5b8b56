"""AllergyIntolerance → AllergyRecord."""

from daybreak.interop.fhir.condition import status_code
from daybreak.interop.fhir.context import Context
from daybreak.interop.fhir.element import Element, NotAFact
from daybreak.interop.fhir.known_codes import concept
from daybreak.interop.fhir.records import AllergyRecord
from daybreak.interop.fhir.times import past

_CLINICAL = frozenset({"active", "inactive", "resolved"})
_NOT_SO = {"entered-in-error": "entered in error", "refuted": "the allergy was refuted"}
_VERIFICATION = frozenset({"confirmed", "presumed", "unconfirmed", *_NOT_SO})


def allergy_records(resource: Element, context: Context) -> tuple[AllergyRecord, ...]:
    """Return the allergy. One that nobody confirmed is taken in, since to leave it out would be the less safe
    mistake.
    """
    verification = status_code(resource, "verificationStatus", _VERIFICATION)
    if verification in _NOT_SO:
        raise NotAFact(_NOT_SO[verification])
    patient = context.patient(resource, "patient")
    what = concept(resource.required_element("code"), context.known)
    status = status_code(resource, "clinicalStatus", _CLINICAL)
    none_known = what.means in context.known.none_known
    if none_known and (status in ("inactive", "resolved") or verification == "unconfirmed"):
        raise NotAFact("that there is no allergy no longer holds, or was never confirmed")
    return (
        AllergyRecord(
            key_parts=context.key_parts,
            source_id=context.source_id,
            patient=patient,
            system=what.system,
            code=what.code,
            display=what.display,
            means=what.means,
            status=status,
            verification=verification,
            none_known=none_known,
            recorded=past(resource, "recordedDate", now=context.now),
        ),
    )
