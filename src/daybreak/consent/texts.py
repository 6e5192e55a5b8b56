"""The texts of consents: which is in force, in which languages, and which older signatures it asks to renew."""

from collections.abc import Iterable, Mapping

from daybreak.kernel.refusal import Refusal
from daybreak.measure.public import library
from daybreak.rulebook.public import Consent, Protocol
from daybreak.rulebook.public import UnknownDefinition as Unknown

GENERAL = ("treatment", "registry", "contact", "messages")


class NoSuchConsent(Refusal):
    """A consent that this installation has no text for."""


class TextLost(Refusal):
    """A text that was signed and that this installation does not hold any more, word for word."""


def every_text() -> list[Consent]:
    """Return every version of every text, by id and version."""
    return [text for text in library().every("consents") if isinstance(text, Consent)]


def kinds() -> tuple[str, ...]:
    """Return what a patient can be asked for today: the treatments, registry, contact, messages, then each study."""
    active = {text.kind: text.purpose for text in every_text() if text.status == "active"}
    first = [GENERAL[0], *sorted(kind for kind, purpose in active.items() if purpose == "treatment"), *GENERAL[1:]]
    return tuple(kind for kind in dict.fromkeys((*first, *sorted(active))) if kind in active)


def kinds_beside(treatment: str) -> tuple[str, ...]:
    """Return what a patient can be asked for who is to have `treatment`, and not another one."""
    others = {text.kind for text in every_text() if text.purpose == "treatment"} - {treatment}
    return tuple(kind for kind in kinds() if kind not in others)


def text_of(kind: str, language: str | None = None) -> Consent:
    """Return the text in force for a kind of consent, in `language` or its first one.

    Raises NoSuchConsent, and NoSuchLanguage for a language it was not written in.
    """
    texts = [text for text in every_text() if text.status == "active" and text.kind == kind]
    if not texts:
        raise NoSuchConsent(f"There is no text for the consent “{kind}”.")
    text = texts[-1]
    return text if language is None else text.in_language(language)


def shown_text(definition: str, version: int, *, fingerprint: str, language: str) -> Consent:
    """Return a text exactly as it was signed. Raises TextLost where the words are not here any more."""
    try:
        text = library().consent(definition, version)
    except Unknown as refusal:
        raise TextLost(
            f"Version {version} of “{definition}” is not on this server any more: put its file back."
        ) from refusal
    if text.fingerprint != fingerprint:
        raise TextLost(f"Version {version} of “{definition}” reads differently from what was signed: put it back.")
    return text.in_language(language)


def title_of(kind: str) -> str:
    """Return what a kind of consent is called, also where its text is no longer in force."""
    known = [text for text in every_text() if text.kind == kind]
    active = [text for text in known if text.status == "active"]
    return (active or known)[-1].title if known else kind


def asked_by(protocol: Protocol) -> str:
    """Return the kind of consent that a protocol's gate before the dose names, the general one where it names none: a
    signature for another treatment is none for it.
    """
    gates = (gate for each in protocol.before_each_dose for gate in each.gates)
    named = next((gate.consented_to for gate in gates if gate.consented_to), GENERAL[0])
    return next((text.kind for text in every_text() if text.id == named), named)


def asked_by_each(protocols: Iterable[str]) -> dict[str, str]:
    """Return the same for protocols by their ids; one that is not there asks for the general consent."""
    known = {each.id: asked_by(each) for each in library().active("protocols") if isinstance(each, Protocol)}
    return {name: known.get(name, GENERAL[0]) for name in protocols}


def question_of(definition: str, version: int, check: str) -> str:
    """Return the words of a question about a text; its id where the text is not on this server any more."""
    try:
        checks = library().consent(definition, version).checks
    except Unknown:
        checks = ()
    return next((each.question for each in checks if each.id == check), check.replace("_", " "))


def renewals() -> Mapping[str, Consent]:
    """Return, by definition, the newest version that asks those who signed earlier ones to sign again."""
    return {text.id: text for text in every_text() if text.requires_reconsent and text.status != "draft"}
