"""The pages of the controlled drug: the safe, the printable register, and the account of one session."""

from collections.abc import Callable
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from daybreak.identity.public import persons
from daybreak.kernel.keys import new_key
from daybreak.kernel.moments import now as this_moment
from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope, scoped
from daybreak.people.public import names_of_staff, requires
from daybreak.treat.actions import stock as actions
from daybreak.treat.actions.steps import told
from daybreak.treat.queries import stock as queries
from daybreak.treat.queries.answers import today
from daybreak.treat.rules.stock import OF_THE_SAFE
from daybreak.treat.web.forms import spoken
from daybreak.treat.web.frame import NOT_DONE, found, frame, sent_key, zone_of
from daybreak.treat.web.presenters import plain
from daybreak.treat.web.second import colleagues, second_scope
from daybreak.treat.web.stock_forms import Containers, CountLot, Receive, WasteOfSafe, WasteOfSession

HANDLE, OVERSEE = Permission.HANDLE_DRUGS, Permission.OVERSEE_DRUGS
SECOND = "witness at a shared device"


@requires(HANDLE, OVERSEE, purpose="the safe")
@require_GET
def page(request: HttpRequest, scope: Scope) -> HttpResponse:
    """What the safe holds, what waits for a witness, and which sessions are not accounted for."""
    return _safe(request, scope)


@requires(HANDLE, OVERSEE, purpose="the register of a controlled drug")
@require_GET
def register(request: HttpRequest, scope: Scope, drug: str) -> HttpResponse:
    """Every movement of a drug with its balance, to be read or printed."""
    rows = queries.register(scope, drug)
    if drug not in queries.drugs(scope):
        raise Http404("No such drug")
    context = {
        "site": scope.site,
        "zone": zone_of(scope),
        "at": this_moment(),
        "drug": drug,
        "rows": rows,
        "lots": {lot.key: lot for lot in queries.lots(scope)},
        "names": names_of_staff({row.signed_by for row in rows}),
        "plain": plain,
    }
    return render(request, "treat/register.html", context)


@requires(HANDLE, purpose="receiving a controlled drug")
@require_POST
def receive(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Take containers into the safe."""
    form = Receive(request.POST)
    if form.is_valid():
        said = form.cleaned_data

        def act(at: object) -> object:
            return actions.receive(
                scope, key=said["key"], drug=said["drug"], container=said["container"], mg_each=said["mg_each"],
                mg_per_ml=said["mg_per_ml"], number=said["number"], expires_on=said["expires_on"],
                count=said["count"], reference=said["reference"], at=at,
            )  # fmt: skip

        if _done(scope, form, "movement", act):
            messages.success(request, _("They are in the safe."))
            return redirect("treat:stock", site=scope.site)
    return _safe(request, scope, receive_form=form)


@requires(HANDLE, purpose="counting a controlled drug")
@require_POST
def count(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Say what was counted."""
    form = CountLot(_lots(scope), request.POST)
    if form.is_valid():
        said = form.cleaned_data

        def act(at: object) -> object:
            return actions.count_lot(
                scope, key=said["key"], lot=said["lot"], counted=said["counted"], explanation=said["explanation"], at=at
            )

        if _done(scope, form, "count", act):
            messages.success(request, _("The count waits for the signature of a second person."))
            return redirect("treat:stock", site=scope.site)
    return _safe(request, scope, count_form=form)


@requires(HANDLE, purpose="wasting a controlled drug")
@require_POST
def waste_safe(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Say that whole containers are thrown away."""
    form = WasteOfSafe(_lots(scope), request.POST)
    if form.is_valid():
        said = form.cleaned_data

        def act(at: object) -> object:
            return actions.waste_from_safe(
                scope, key=said["key"], lot=said["lot"], count=said["count"], reason=said["reason"], at=at
            )

        if _done(scope, form, "waste", act):
            messages.success(request, _("The waste waits for its witness."))
            return redirect("treat:stock", site=scope.site)
    return _safe(request, scope, waste_form=form)


@requires(HANDLE, purpose="witnessing a waste or a count")
@require_POST
def witness(request: HttpRequest, scope: Scope, about: UUID) -> HttpResponse:
    """Sign as the second person: signed in, or at the first one's device with a password of one's own."""
    seen = queries.unseen(scope, about)
    session = getattr(seen, "session_key", None)
    key = sent_key(request)
    try:
        signing = scope
        if "second" in request.POST:
            chosen = forms.UUIDField(required=False).clean(request.POST.get("signer", ""))
            password = request.POST.get("password", "")
            signing = second_scope(request, scope, account=chosen, password=password, permission=HANDLE, purpose=SECOND)
        with scoped(signing), told("witness", signing, key=key, at=this_moment()) as at:
            actions.witness(signing, key=key, about=about, at=at)
        messages.success(request, _("Signed by two."))
    except forms.ValidationError:
        messages.error(request, _("Choose the second person."))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    if session is not None:
        return redirect("treat:drug", site=scope.site, session=session)
    return redirect("treat:stock", site=scope.site)


@requires(HANDLE, purpose="the drug of a session")
@require_GET
def of_session(request: HttpRequest, scope: Scope, session: UUID) -> HttpResponse:
    """What was drawn for a session, given, wasted and returned, and whether it comes out even."""
    return _of_session(request, scope, session)


@requires(HANDLE, purpose="drawing a controlled drug")
@require_POST
def draw(request: HttpRequest, scope: Scope, session: UUID) -> HttpResponse:
    """Take containers out of the safe for a session."""
    return _containers(request, scope, session, actions.draw, "draw_form")


@requires(HANDLE, purpose="returning a controlled drug")
@require_POST
def give_back(request: HttpRequest, scope: Scope, session: UUID) -> HttpResponse:
    """Put unopened containers back."""
    return _containers(request, scope, session, actions.give_back, "back_form")


@requires(HANDLE, purpose="wasting a controlled drug")
@require_POST
def waste(request: HttpRequest, scope: Scope, session: UUID) -> HttpResponse:
    """Say that a part of what was drawn was thrown away."""
    found(scope, session)
    form = WasteOfSession(_lots_of(scope, session), request.POST)
    if form.is_valid():
        said = form.cleaned_data

        def act(at: object) -> object:
            return actions.waste(
                scope, key=said["key"], session=session, lot=said["lot"], amount_mg=said["amount_mg"],
                reason=said["reason"], at=at,
            )  # fmt: skip

        if _done(scope, form, "waste", act):
            return redirect("treat:drug", site=scope.site, session=session)
    return _of_session(request, scope, session, waste_form=form)


def _containers(
    request: HttpRequest, scope: Scope, session: UUID, action: Callable[..., object], name: str
) -> HttpResponse:
    found(scope, session)
    form = Containers(_lots(scope), request.POST)
    if form.is_valid():
        said = form.cleaned_data

        def act(at: object) -> object:
            return action(scope, key=said["key"], session=session, lot=said["lot"], count=said["count"], at=at)

        if _done(scope, form, "movement", act):
            return redirect("treat:drug", site=scope.site, session=session)
    return _of_session(request, scope, session, **{name: form})


def _done(scope: Scope, form: forms.Form, kind: str, act: Callable[..., object]) -> bool:
    """Do it once, and say a named no beside the form."""
    try:
        with told(kind, scope, key=form.cleaned_data["key"], at=this_moment()) as at:
            act(at)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _lots(scope: Scope) -> list[tuple[str, str]]:
    return [(str(each.lot.key), f"{lot_words(each.lot)} ({each.containers})") for each in queries.in_the_safe(scope)]


def _lots_of(scope: Scope, session: UUID) -> list[tuple[str, str]]:
    drawn = {move.lot_key for move in queries.movements_of(scope, session)}
    return [(str(lot.key), lot_words(lot)) for lot in queries.lots(scope) if lot.key in drawn]


def lot_words(lot: queries.Lot) -> str:
    """Return a lot as it is read: drug, content, number."""
    strength = f", {plain(lot.mg_per_ml)} mg/mL" if lot.mg_per_ml else ""
    return _("%(drug)s, %(container)s of %(mg)s mg%(strength)s, lot %(number)s") % {
        "drug": lot.drug.capitalize(), "container": lot.container, "mg": plain(lot.mg_each), "strength": strength,
        "number": lot.number,
    }  # fmt: skip


def _safe(request: HttpRequest, scope: Scope, **refused: forms.Form) -> HttpResponse:
    at = this_moment()
    accounts, waiting = queries.open_accounts(scope), queries.waiting_for_a_witness(scope)
    may_name = Permission.READ_PATIENT in request.may
    who = persons(scope, {each.line.patient_key for each in accounts}, at=at) if may_name else {}
    context = {
        "site": scope.site,
        "zone": zone_of(scope),
        "at": at,
        "today": today(scope, at),
        "held": queries.in_the_safe(scope),
        "drugs": queries.drugs(scope),
        "accounts": [
            (each, who[each.line.patient_key].full_name if may_name else each.line.chair) for each in accounts
        ],
        "waiting": waiting,
        "lots": {lot.key: lot for lot in queries.lots(scope)},
        "names": names_of_staff({each.signed_by for each in waiting}),
        "me": scope.actor,
        "may_handle": HANDLE in request.may,
        "colleagues": colleagues(scope, permission=HANDLE),
        "receive_form": Receive(auto_id="id_receive_%s"),
        "count_form": CountLot(_lots(scope), auto_id="id_count_%s"),
        "waste_form": WasteOfSafe(_lots(scope), auto_id="id_waste_%s"),
        "reasons": spoken(OF_THE_SAFE),
        "plain": plain,
        "new_key": new_key,
        **refused,
    }
    return render(request, "treat/stock.html", context, status=NOT_DONE if refused else 200)


def _of_session(request: HttpRequest, scope: Scope, session: UUID, **refused: forms.Form) -> HttpResponse:
    now = found(scope, session)
    at, account = this_moment(), queries.account_of(scope, now)
    left = queries.rest_in_hand(scope, now)
    thrown, moved = queries.waste_of(scope, session), queries.movements_of(scope, session)
    people = (
        {each.signed_by for each in moved} | {w.signed_by for w, _ in thrown} | {s.signed_by for _, s in thrown if s}
    )
    context = {
        **frame(request, scope, now, at),
        "account": account,
        "left": left,
        "moved": moved,
        "thrown": thrown,
        "lots": {lot.key: lot for lot in queries.lots(scope)},
        "names": names_of_staff(people),
        "me": scope.actor,
        "colleagues": colleagues(scope, permission=HANDLE),
        "draw_form": Containers(_lots(scope), auto_id="id_draw_%s"),
        "back_form": Containers(_lots_of(scope, session), auto_id="id_back_%s"),
        "waste_form": WasteOfSession(
            _lots_of(scope, session), initial={"amount_mg": left if left and left > 0 else None}, auto_id="id_waste_%s"
        ),
        "plain": plain,
        "new_key": new_key,
        **refused,
    }
    return render(request, "treat/drug.html", context, status=NOT_DONE if refused else 200)
