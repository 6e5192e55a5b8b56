"""Pages of releases: ask for rows, answer, hand out, and read what was done."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from daybreak.kernel.keys import new_key
from daybreak.kernel.moments import day_of, now
from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.people.public import names_of_staff, requires, site_named, sites
from daybreak.register.queries import snapshots
from daybreak.register.releasing.actions import (
    NotARequest,
    answer_request,
    ask_for_release,
    hand_out_release,
    take_request_back,
)
from daybreak.register.releasing.profiles import profile_named, profiles
from daybreak.register.releasing.queries import Asked, is_centre, request_seen, requests_seen
from daybreak.register.releasing.rules import APPROVALS, State
from daybreak.register.web.release_forms import ANSWERS, AnswerForm, RequestForm
from daybreak.register.web.release_words import STATE_KINDS, STATE_WORDS, log_of

SEE = (Permission.READ_REGISTER, Permission.REVIEW_RELEASE)


@requires(*SEE, purpose="look at requests for rows of the register")
def releases(request: HttpRequest, scope: Scope) -> HttpResponse:
    """List the requests that may be seen from here."""
    found = requests_seen(scope, today=_today(scope))
    context = {
        "requests": [_listed(each) for each in found],
        "names": names_of_staff({each.request.recorded_by for each in found}),
        "mine": sum("approve" in _may_answer(request, scope, each) for each in found),
        "may_ask": Permission.READ_REGISTER in request.may,
        "has_snapshots": bool(snapshots()),
        "is_centre": is_centre(scope),
    }
    return render(request, "register/releases.html", context | _place(scope))


@requires(Permission.READ_REGISTER, purpose="ask for rows of the register")
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Ask for rows."""
    form = RequestForm(
        request.POST or None,
        today=_today(scope),
        synthetic=site_named(scope.site).synthetic,
        initial={"snapshot": request.GET.get("snapshot")},
    )
    if request.method == "POST" and form.is_valid():
        told = {name: form.cleaned_data[name] for name in form.cleaned_data if name not in ("snapshot", "back")}
        try:
            made = ask_for_release(scope, snapshot_id=form.cleaned_data["snapshot"], at=now(), **told)
        except NotARequest as no:
            form.add_error(no.field, str(no))
        except Refusal as no:
            form.add_error(None, str(no))
        else:
            messages.success(request, _("The request is made. Two reviewers of the coordinating centre read it."))
            return redirect("register:release", site=scope.site, request_site=made.site, key=made.key)
    context = {"form": form, "profiles": profiles(), "has_snapshots": bool(snapshots())}
    return render(request, "register/ask_for_rows.html", context | _place(scope))


@requires(*SEE, purpose="look at a request for rows of the register")
def release(request: HttpRequest, scope: Scope, request_site: str, key: UUID) -> HttpResponse:
    """Show one request, what was said and what was handed out."""
    return _page(request, scope, _found(scope, request_site, key))


@requires(Permission.REVIEW_RELEASE, purpose="answer a request for rows of the register")
@require_POST
def answer(request: HttpRequest, scope: Scope, request_site: str, key: UUID) -> HttpResponse:
    """Approve, refuse, or take an approval back."""
    asked = _found(scope, request_site, key)
    form = AnswerForm(tuple(ANSWERS), request.POST)
    if form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("key", "answer", "reason")}
        try:
            answer_request(scope, asked=asked, at=now(), **said)
        except Refusal as no:
            form.add_error(None, str(no))
        else:
            messages.success(request, _("Your answer is recorded."))
            return redirect("register:release", site=scope.site, request_site=request_site, key=key)
    return _page(request, scope, asked, form=form, status=409)


@requires(Permission.READ_REGISTER, purpose="take a request for rows of the register back")
@require_POST
def take_back(request: HttpRequest, scope: Scope, request_site: str, key: UUID) -> HttpResponse:
    """Take one's own request back."""
    asked = _found(scope, request_site, key)
    try:
        take_request_back(scope, key=new_key(), asked=asked, at=now())
    except Refusal as no:
        return _page(request, scope, asked, trouble=str(no), status=409)
    messages.success(request, _("The request is taken back."))
    return redirect("register:release", site=scope.site, request_site=request_site, key=key)


@requires(Permission.READ_REGISTER, purpose="hand out rows of the register")
@require_POST
def hand_out(request: HttpRequest, scope: Scope, request_site: str, key: UUID) -> HttpResponse:
    """Give the rows of an approved request as one file, and record it."""
    asked = _found(scope, request_site, key)
    aside = Path(tempfile.mkdtemp(prefix="release-"))
    try:
        folder = aside / f"release-{str(key)[-12:]}"
        hand_out_release(scope, key=new_key(), asked=asked, folder=folder, at=now())
        packed = Path(shutil.make_archive(str(folder), "zip", root_dir=aside, base_dir=folder.name))
        whole = packed.open("rb")  # it stays readable when its folder is gone
    except Refusal as no:
        return _page(request, scope, _found(scope, request_site, key), trouble=str(no), status=409)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return FileResponse(whole, as_attachment=True, filename=packed.name)


def _page(
    request: HttpRequest, scope: Scope, asked: Asked, *, form: AnswerForm | None = None, trouble: str = "",
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    may = _may_answer(request, scope, asked)
    if form is not None:
        form.offer(may)  # what was sent may not be given any more; what stands beside the sentence may
    is_own = asked.request.recorded_by == scope.actor
    people = {each.recorded_by for each in (asked.request, *asked.reviews, *asked.hand_outs)}
    approvals = sum(each.answer == "approve" for each in asked.reviews)
    context = {
        **_listed(asked),
        "profile": profile_named(asked.request.profile, asked.request.profile_version),
        "names": names_of_staff(people),
        "log": list(log_of(asked)),
        "form": (form or AnswerForm(may)) if may or form else None,
        "is_own": is_own,
        "may_review": Permission.REVIEW_RELEASE in request.may and is_centre(scope),
        "may_take_back": is_own and asked.state in (State.WAITING, State.APPROVED),
        "may_hand_out": asked.state is State.APPROVED
        and Permission.READ_REGISTER in request.may
        and (is_own or (is_centre(scope) and Permission.FREEZE in request.may)),
        "approvals": approvals,
        "needed": APPROVALS,
        "trouble": trouble,
    }
    return render(request, "register/release.html", context | _place(scope), status=status)


def _listed(asked: Asked) -> dict[str, object]:
    return {
        "asked": asked.request,
        "state": STATE_WORDS[asked.state],
        "kind": STATE_KINDS[asked.state],
        "title": profile_named(asked.request.profile).title,
        "handed": len(asked.hand_outs),
        "approved": sum(each.answer == "approve" for each in asked.reviews),
    }


def _may_answer(request: HttpRequest, scope: Scope, asked: Asked) -> tuple[str, ...]:
    if Permission.REVIEW_RELEASE not in request.may or not is_centre(scope):
        return ()
    return asked.may_answer(scope.actor)


def _found(scope: Scope, site: str, key: UUID) -> Asked:
    found = request_seen(scope, site, key, today=_today(scope))
    if found is None:
        raise Http404("No such request")
    return found


def _place(scope: Scope) -> dict[str, object]:
    here = site_named(scope.site)
    names: Iterator[tuple[str, str]] = ((each.code, each.name) for each in sites())
    return {"site": scope.site, "zone": here.time_zone if here else "UTC", "site_names": dict(names), "at": now()}


def _today(scope: Scope):
    here = site_named(scope.site)
    return day_of(now(), here.time_zone if here else "UTC")
