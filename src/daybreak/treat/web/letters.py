"""The letter to who referred the patient: drafted from the record, edited, signed, and kept as a PDF."""

from datetime import datetime
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from daybreak.design.public import KeyedForm, day, moment
from daybreak.identity.public import person
from daybreak.kernel.moments import now as this_moment
from daybreak.kernel.permissions import Permission
from daybreak.kernel.scope import Scope
from daybreak.people.public import names_of_staff, requires, site_named
from daybreak.treat.actions.letters import sign_letter
from daybreak.treat.queries.letters import CourseFacts, ScoreThen, SignedLetter, facts_of_course, letter, letters_of
from daybreak.treat.queries.protocols import protocol_of
from daybreak.treat.queries.sessions import course_of_key
from daybreak.treat.rules.events import GRADES
from daybreak.treat.rules.steps import in_words
from daybreak.treat.web.event_forms import COURSE_WORDS
from daybreak.treat.web.frame import NOT_DONE, done, zone_of
from daybreak.treat.web.presenters import milligrams, plain
from daybreak.treat.web.sheet import head_of, sheet


class Letter(KeyedForm):
    """To whom, and the words; both may be changed until they are signed."""

    addressee = forms.CharField(
        label=gettext_lazy("To"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Name and address of who referred the patient."),
    )  # fmt: skip
    words = forms.CharField(label=gettext_lazy("Letter"), max_length=8000, widget=forms.Textarea(attrs={"rows": 22}))


@requires(Permission.DECIDE, purpose="a letter to the referrer")
@require_http_methods(["GET", "POST"])
def of_course(request: HttpRequest, scope: Scope, course: UUID) -> HttpResponse:
    """Every signed version, and the next one: the last in its words, or a draft from the record."""
    about, at = course_of_key(scope, course), this_moment()
    if about is None:
        raise Http404("No such course")
    signed, zone = letters_of(scope, course), zone_of(scope)
    again = "draft" in request.GET or not signed
    words = draft(scope, course, at=at) if again else signed[-1].words
    form = Letter(request.POST or None, initial={"words": words, "addressee": signed[-1].addressee if signed else ""})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        stored = done(
            request, scope, "letter", said["key"], at,
            action=lambda at: sign_letter(
                scope, key=said["key"], course=course, addressee=said["addressee"], words=said["words"], at=at
            ),
        )  # fmt: skip
        if stored:
            messages.success(request, _("The letter is signed in your name. Print it, and send it yourself."))
        return redirect("treat:letters", site=scope.site, course=course)
    names = names_of_staff({each.signed_by for each in signed})
    context = {
        "site": scope.site,
        "patient": about.patient_key,
        "course": about,
        "protocol": protocol_of(about),
        "signed": [(each, names.get(each.signed_by, "–"), moment(each.signed_at, zone, year=True)) for each in signed],
        "form": form,
    }
    return render(request, "treat/letters.html", context, status=NOT_DONE if form.errors else 200)


@requires(Permission.READ_PATIENT, purpose="a letter on paper")
@require_GET
def letter_pdf(request: HttpRequest, scope: Scope, letter_key: UUID) -> HttpResponse:
    """One signed version as a PDF."""
    found = letter(scope, letter_key)
    if found is None:
        raise Http404("No such letter")
    row, signed = found
    content = letter_of(scope, row.patient_key, signed, at=this_moment())
    return sheet("letter", content, at=signed.signed_at, file_name=f"letter-{letter_key.hex[-8:]}")


def letter_of(scope: Scope, patient: UUID, signed: SignedLetter, *, at: datetime) -> dict[str, object]:
    """Return what stands on the PDF of a signed version."""
    said = {
        "who": names_of_staff({signed.signed_by}).get(signed.signed_by, "–"),
        "when": moment(signed.signed_at, zone_of(scope), year=True),
        "n": signed.version,
    }
    return {
        **head_of(scope, patient, at=at),
        "title": _("Letter"),
        "addressee": signed.addressee,
        "body": signed.words,
        "signature": _("Signed by %(who)s on %(when)s, version %(n)s.") % said,
        "key": str(signed.key),
    }


def draft(scope: Scope, course: UUID, *, at: datetime) -> str:
    """Return a letter made of what the record says; what it does not say is said to be open."""
    about = course_of_key(scope, course)
    if about is None:
        return ""
    site, facts = site_named(scope.site), facts_of_course(scope, about, at=at)
    who = person(scope, about.patient_key, at=at)
    born = f", {_('born %(day)s') % {'day': day(who.birth_date)}}" if who.birth_date else ""
    said = {"name": who.full_name, "born": born, "protocol": protocol_of(about).title, "clinic": site.name}
    parts = [
        _("Dear colleague,"),
        _("%(name)s%(born)s was treated at %(clinic)s: %(protocol)s.") % said,
        _sessions(facts, site.time_zone),
        _scores(facts, site.time_zone),
        _events(facts, site.time_zone),
        _next(facts, site.time_zone),
        _("With kind regards"),
    ]
    return "\n\n".join(parts)


def _sessions(facts: CourseFacts, zone: str) -> str:
    if not facts.given:
        return _("No session has been given yet.")
    lines = [
        _("Session %(n)s on %(day)s: %(mg)s mg.")
        % {"n": each.number, "day": day(each.started_at, zone), "mg": milligrams(each.dose_mg) if each.dose_mg else "–"}
        for each in facts.given
    ]
    return "\n".join(lines)


def _scores(facts: CourseFacts, zone: str) -> str:
    def said(found: list[ScoreThen]) -> str:
        return "; ".join(f"{each.title}: {plain(each.value)} ({day(each.at, zone)})" for each in found)

    before = said(facts.before) or _("none was taken")
    last = said(facts.last) or _("none was taken")
    return _("Scores before the first session: %(before)s.\nScores since, the last of each: %(last)s.") % {
        "before": before,
        "last": last,
    }


def _events(facts: CourseFacts, zone: str) -> str:
    if not facts.events:
        return _("No adverse event was recorded in these sessions.")
    lines = [
        _("%(what)s on %(day)s, grade %(grade)s (%(word)s): %(course)s.")
        % {
            "what": in_words(each.term).capitalize(), "day": day(each.began_at, zone), "grade": each.grade,
            "word": GRADES[each.grade], "course": str(COURSE_WORDS[each.course]).lower(),
        }
        for each in facts.events
    ]  # fmt: skip
    return _("Adverse events:") + "\n" + "\n".join(lines)


def _next(facts: CourseFacts, zone: str) -> str:
    if not facts.planned:
        return _("No further session is planned at present.")
    days = ", ".join(day(each.planned_for, zone) for each in facts.planned)
    return _("Planned next: %(days)s.") % {"days": days}
