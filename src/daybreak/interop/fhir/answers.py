"""Questionnaires → AnswersRecord: from a QuestionnaireResponse, from a panel Observation, or from a total
alone.
"""

from collections.abc import Iterator

from daybreak.interop.fhir.context import Context
from daybreak.interop.fhir.element import Defect, Element, NotAFact
from daybreak.interop.fhir.known_codes import KnownInstrument, coding_of
from daybreak.interop.fhir.records import AnswersRecord, Code, KeyParts, Precision, When
from daybreak.interop.fhir.times import past

_LOINC = "http://loinc.org"
_DEEPEST = 8
_FINISHED = frozenset({"completed", "amended"})
_NOT_FINISHED = {
    "in-progress": "not finished",
    "stopped": "stopped before the end",
    "entered-in-error": "entered in error",
}
_VALUES = ("valueInteger", "valueDecimal", "valueCoding", "valueQuantity", "valueCodeableConcept")


def response_records(resource: Element, context: Context) -> tuple[AnswersRecord, ...]:
    """Return the answers of a QuestionnaireResponse. One of a questionnaire that is not known is not taken
    in.
    """
    items = list(_leaves(resource, 0))
    instrument = _instrument_of(resource, items, context)
    status = resource.word("status", _FINISHED | set(_NOT_FINISHED))
    if not status:
        raise resource.missing("status")
    if status in _NOT_FINISHED:
        raise NotAFact(_NOT_FINISHED[status])
    patient = context.patient(resource, "subject")
    at = past(resource, "authored", now=context.now)
    if at is None:
        raise resource.missing("authored")
    given = [
        (_code_of_link(item.text("linkId"), instrument), answer) for item in items for answer in item.elements("answer")
    ]
    return (_record(resource, context, instrument, patient, at, given=given),)


def panel_record(
    resource: Element, context: Context, instrument: KnownInstrument, patient: KeyParts, at: When
) -> AnswersRecord:
    """Return the answers of a panel Observation from its components, and its own value as the total."""
    parts = [part for part in resource.elements("component") if not part.has("dataAbsentReason")]
    given = [
        (code, part)
        for part in parts
        for code in _codes_of(part)
        if code in instrument.items or code in instrument.totals
    ]
    if not given and not any(resource.has(name) for name in _VALUES):
        raise NotAFact("it only lists other resources")
    own = [(next(iter(instrument.totals)), resource)] if any(resource.has(name) for name in _VALUES) else []
    return _record(resource, context, instrument, patient, at, given=[*given, *own])


def total_record(
    resource: Element, context: Context, instrument: KnownInstrument, patient: KeyParts, at: When
) -> AnswersRecord:
    """Return the total alone of an Observation."""
    if resource.has("dataAbsentReason"):
        raise NotAFact("nothing was measured")
    own = (next(iter(instrument.totals)), resource)
    return _record(resource, context, instrument, patient, at, given=[own])


def _record(
    resource: Element,
    context: Context,
    instrument: KnownInstrument,
    patient: KeyParts,
    at: When,
    *,
    given: list[tuple[Code, Element]],
) -> AnswersRecord:
    if at.precision in (Precision.YEAR, Precision.MONTH):
        raise Defect(f"{resource.path} was answered in “{at.stated}”; a questionnaire needs its day.")
    answers, total = _sorted_out(given, instrument)
    if not answers and total is None:
        raise Defect(f"{resource.path} holds no answer to a question of {instrument.id}.")
    _check_total(answers, total, instrument, resource.path)
    return AnswersRecord(
        key_parts=(*context.key_parts, instrument.id),
        source_id=context.source_id,
        patient=patient,
        instrument=instrument.id,
        version=instrument.version,
        answers=answers,
        total=total,
        answered_at=at,
    )


def _sorted_out(given: list[tuple[Code, Element]], instrument: KnownInstrument) -> tuple[dict[str, int], int | None]:
    answers: dict[str, int] = {}
    total: int | None = None
    for code, element in given:
        if code in instrument.totals:
            if total is not None:
                raise Defect(f"{element.path} gives the total a second time.")
            total = _value(element, instrument)
        elif item := instrument.items.get(code):
            if item in answers:
                raise Defect(f"{element.path} answers {item} a second time.")
            answers[item] = _value(element, instrument)
            if answers[item] not in instrument.allowed[item]:
                raise Defect(f"{element.path} answers {item} with {answers[item]}, which cannot be chosen.")
    return answers, total


def _check_total(answers: dict[str, int], total: int | None, instrument: KnownInstrument, path: str) -> None:
    if total is None:
        return
    if not instrument.lowest_total <= total <= instrument.highest_total:
        limits = f"{instrument.lowest_total} to {instrument.highest_total}"
        raise Defect(f"{path} says a total of {total}; {instrument.id} goes from {limits}.")
    if all(item in answers for item in instrument.summed):
        summed = sum(answers[item] for item in instrument.summed)
        if summed != total:
            raise Defect(f"{path} says a total of {total}, and its answers add up to {summed}.")


def _value(element: Element, instrument: KnownInstrument) -> int:
    """Return an answer as a whole number: as it stands, or behind a coded answer."""
    found = [name for name in _VALUES if element.has(name)]
    if not found:
        raise element.missing("value[x]")
    name = found[0]
    if name in ("valueCoding", "valueCodeableConcept"):
        inner = element.required_element(name)
        codings = [inner] if name == "valueCoding" else inner.elements("coding")
        known = [instrument.answers[code] for code in map(coding_of, codings) if code in instrument.answers]
        if not known:
            raise Defect(f"{element.path}.{name} is not one of the answers of {instrument.id}.")
        return known[0]
    holder, key = (element.required_element(name), "value") if name == "valueQuantity" else (element, name)
    number = holder.number(key)
    if number is None:
        raise holder.missing(key)
    if number != number.to_integral_value() or abs(number) > 1_000:
        raise Defect(f"{holder.path}.{key} is {number:.10g}, which is not a score.")
    return int(number)


def _instrument_of(resource: Element, items: list[Element], context: Context) -> KnownInstrument:
    """Return the instrument that the questionnaire's address names, or else the one whose questions are
    answered.
    """
    name = resource.text("questionnaire").split("|", 1)[0].rstrip("/").rpartition("/")[2]
    links = {(_LOINC, _last_part(item.text("linkId"))) for item in items}
    for instrument in context.known.instruments:
        if name == instrument.id or (_LOINC, name) in instrument.panels:
            return instrument
    for instrument in context.known.instruments:
        if len(links & set(instrument.items)) > 1:
            return instrument
    raise NotAFact("another questionnaire")


def _leaves(parent: Element, depth: int) -> Iterator[Element]:
    """Yield the items of a response in order, whatever groups they stand in."""
    if depth > _DEEPEST:
        raise Defect(f"{parent.path[:60]}… is nested more deeply than any questionnaire.")
    for item in parent.elements("item"):
        yield item
        yield from _leaves(item, depth + 1)
        for answer in item.elements("answer"):
            yield from _leaves(answer, depth + 1)


def _code_of_link(link: str, instrument: KnownInstrument) -> Code:
    """Return the code that a linkId is: LOINC's own forms say “/44250-9”, others the item's own name."""
    code = (_LOINC, _last_part(link))
    return code if code in instrument.items or code in instrument.totals else ("", _last_part(link))


def _last_part(link: str) -> str:
    return link.rpartition("/")[2]


def _codes_of(part: Element) -> list[Code]:
    return [coding_of(coding) for coding in part.required_element("code").elements("coding")][:1]
