"""MedicationRequest and MedicationAdministration → MedicineRecord."""

from decimal import Decimal

from daybreak.interop.fhir.context import Context
from daybreak.interop.fhir.element import Defect, Element, NotAFact
from daybreak.interop.fhir.known_codes import Concept, concept, plain
from daybreak.interop.fhir.records import MedicineKind, MedicineRecord, When
from daybreak.interop.fhir.strict_json import Flawed
from daybreak.interop.fhir.times import past, period

_REQUESTED = frozenset({"active", "on-hold", "completed", "stopped", "unknown"})
_NOT_REQUESTED = {"entered-in-error": "entered in error", "cancelled": "cancelled", "draft": "a draft"}
_GIVEN = frozenset({"in-progress", "on-hold", "completed", "stopped", "unknown"})
_NOT_GIVEN = {"entered-in-error": "entered in error", "not-done": "not done"}
_ORDERS = frozenset({"order", "original-order", "reflex-order", "filler-order", "instance-order"})
_ONLY_THOUGHT_OF = frozenset({"proposal", "plan", "option"})


def request_records(resource: Element, context: Context) -> tuple[MedicineRecord, ...]:
    """Return a prescribed medicine. A proposal, a draft, or an order not to give it is no fact."""
    status = _status(resource, _REQUESTED, _NOT_REQUESTED)
    if resource.word("intent", _ORDERS | _ONLY_THOUGHT_OF) in _ONLY_THOUGHT_OF:
        raise NotAFact("a proposal, and not an order")
    if resource.flag("doNotPerform"):
        raise NotAFact("an order not to give a medicine")
    instructions = resource.elements("dosageInstruction")
    started, ended = _bounds(instructions, context)
    started = started or past(resource, "authoredOn", now=context.now)
    dose = _dose_asked(instructions)
    return _record(resource, context, MedicineKind.REQUEST, status, during=(started, ended), dose=dose)


def administration_records(resource: Element, context: Context) -> tuple[MedicineRecord, ...]:
    """Return a medicine that was given."""
    status = _status(resource, _GIVEN, _NOT_GIVEN)
    started, ended = past(resource, "effectiveDateTime", now=context.now), None
    if during := resource.element("effectivePeriod"):
        started, ended = period(during, now=context.now)
    if started is None:
        raise resource.missing("effective[x]")
    dose = _dose_given(resource.element("dosage"))
    return _record(resource, context, MedicineKind.ADMINISTRATION, status, during=(started, ended), dose=dose)


def named_medicine(resource: Element, context: Context) -> Concept:
    """Return the medicine: a concept, or a reference to a Medication in the resource or the input."""
    if what := resource.element("medicationCodeableConcept"):
        return concept(what, context.known)
    reference = resource.element("medicationReference")
    if reference is None:
        raise resource.missing("medication[x]")
    said = reference.text("reference")
    if said.startswith("#"):
        return _contained(resource, said[1:], context)
    found = context.medicines.get(said)
    if found:
        return found
    words = plain(reference.text("display"))
    if not words:
        raise Defect(f"{reference.path} refers to “{said[:100]}”, and there is no such Medication.")
    return Concept("", "", words, "")


def _record(
    resource: Element,
    context: Context,
    kind: MedicineKind,
    status: str,
    *,
    during: tuple[When | None, When | None],
    dose: tuple[str, Decimal | None, str],
) -> tuple[MedicineRecord, ...]:
    patient = context.patient(resource, "subject")
    what = named_medicine(resource, context)
    return (
        MedicineRecord(
            key_parts=context.key_parts,
            source_id=context.source_id,
            patient=patient,
            kind=kind,
            system=what.system,
            code=what.code,
            display=what.display,
            means=what.means,
            started=during[0],
            ended=during[1],
            status=status,
            dose_text=dose[0],
            dose_value=dose[1],
            dose_unit=dose[2],
        ),
    )


def _status(resource: Element, facts: frozenset[str], not_facts: dict[str, str]) -> str:
    status = resource.word("status", facts | set(not_facts))
    if not status:
        raise resource.missing("status")
    if status in not_facts:
        raise NotAFact(not_facts[status])
    return status


def _contained(resource: Element, wanted: str, context: Context) -> Concept:
    for inner in resource.elements("contained"):
        if inner.text("id") == wanted:
            if isinstance(inner.content, Flawed):
                raise Defect(f"In {inner.path}, {inner.content.flaws[0]}.")
            return concept(inner.required_element("code"), context.known)
    raise Defect(f"{resource.path}.medicationReference refers to “#{wanted[:64]}”, which is not contained.")


def _bounds(instructions: list[Element], context: Context) -> tuple[When | None, When | None]:
    for instruction in instructions:
        timing = instruction.element("timing")
        repeat = timing.element("repeat") if timing else None
        if repeat and (bounds := repeat.element("boundsPeriod")):
            return period(bounds, now=context.now, may_lie_ahead=True)
    return None, None


def _dose_asked(instructions: list[Element]) -> tuple[str, Decimal | None, str]:
    if not instructions:
        return "", None, ""
    text = plain("; ".join(words for one in instructions if (words := one.text("text"))))
    quantities = [rate.element("doseQuantity") for rate in instructions[0].elements("doseAndRate")]
    quantity = next((quantity for quantity in quantities if quantity), None)
    return (text, *_quantity(quantity))


def _dose_given(dosage: Element | None) -> tuple[str, Decimal | None, str]:
    if dosage is None:
        return "", None, ""
    return (plain(dosage.text("text")), *_quantity(dosage.element("dose")))


def _quantity(quantity: Element | None) -> tuple[Decimal | None, str]:
    if quantity is None:
        return None, ""
    value = quantity.number("value")
    if value is not None and value < 0:
        raise Defect(f"{quantity.path}.value is less than nothing.")
    return value, quantity.text("code") or quantity.text("unit")
