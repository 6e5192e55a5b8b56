"""Patient → PatientRecord."""

from collections.abc import Iterable
from datetime import date, datetime

from daybreak.interop.fhir.element import Element
from daybreak.interop.fhir.known_codes import coding_of, plain
from daybreak.interop.fhir.records import Identifier, KeyParts, PatientRecord, Precision, When
from daybreak.interop.fhir.times import check_order, past

_SEXES = frozenset({"male", "female", "other", "unknown"})
_NAMES_FIRST = ("official", "usual", "")
_CONTACTS_FIRST = ("mobile", "home", "", "work", "temp")
_BEFORE = ("old", "maiden", "anonymous")


def patient_record(resource: Element, *, key_parts: KeyParts, source_id: str, now: datetime) -> PatientRecord:
    """Return who a Patient is. Raises Defect; a name has to be there, in parts or as a text."""
    given, family = _name(resource)
    birth_date, birth_stated = _birth(resource, now)
    died = _died(resource, now)
    return PatientRecord(
        key_parts=key_parts,
        source_id=source_id,
        given=given,
        family=family,
        birth_date=birth_date,
        birth_stated=birth_stated,
        sex=resource.word("gender", _SEXES) or "unknown",
        language=_language(resource),
        phone=_contact(resource, "phone"),
        email=_contact(resource, "email"),
        identifiers=tuple(_identifiers(resource)),
        deceased=True if died else resource.flag("deceasedBoolean"),
        died=died,
    )


def _name(resource: Element) -> tuple[str, str]:
    names = _preferred(resource.elements("name"), _NAMES_FIRST)
    for name in names:
        given, family = plain(" ".join(name.texts("given"))), plain(name.text("family"))
        if given or family:
            return given, family
    texts = [plain(name.text("text")) for name in names]
    # A name that came in one piece stays in one piece: where to cut it is not ours to guess.
    family = next((text for text in texts if text), "")
    if not family:
        raise resource.missing("name")
    return "", family


def _birth(resource: Element, now: datetime) -> tuple[date | None, str]:
    when = past(resource, "birthDate", now=now)
    if when is None:
        return None, ""
    return (when.day if when.precision is Precision.DAY else None), when.stated


def _language(resource: Element) -> str:
    spoken = resource.elements("communication")
    spoken = [one for one in spoken if one.flag("preferred")] or spoken
    for one in spoken:
        concept = one.element("language")
        for coding in concept.elements("coding") if concept else []:
            if code := coding_of(coding)[1]:
                return code
    return ""


def _contact(resource: Element, system: str) -> str:
    ways = [way for way in resource.elements("telecom") if way.text("system") == system]
    return next((way.text("value") for way in _preferred(ways, _CONTACTS_FIRST) if way.text("value")), "")


def _preferred(choices: list[Element], first: tuple[str, ...]) -> list[Element]:
    """Return names or contacts in the order of their use; former ones only where there is no other."""
    places = {use: place for place, use in enumerate(first)}
    ordered = sorted(choices, key=lambda choice: places.get(choice.text("use"), len(first)))
    return [choice for choice in ordered if choice.text("use") not in _BEFORE] or ordered


def _identifiers(resource: Element) -> Iterable[Identifier]:
    for identifier in resource.elements("identifier"):
        value = identifier.text("value")
        if value and identifier.text("use") != "old":
            kind = identifier.element("type")
            codes = [coding_of(coding)[1] for coding in kind.elements("coding")] if kind else []
            yield Identifier(identifier.text("system"), value, next((code for code in codes if code), ""))


def _died(resource: Element, now: datetime) -> When | None:
    """Return when somebody died; raise Defect where that was certainly before they were born."""
    died = past(resource, "deceasedDateTime", now=now)
    check_order(past(resource, "birthDate", now=now), died, f"{resource.path}.deceasedDateTime")
    return died
