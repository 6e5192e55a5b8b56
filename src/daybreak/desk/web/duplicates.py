"""Pages about people who may have been recorded twice: the list, two records side by side, and an undone decision."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from daybreak.desk.duplicates import MANY, Pair, duplicates_of, looked_up, merge, pair_of, say_same
from daybreak.desk.web.duplicate_form import ALIKE_WORDS, BECAUSE_WORDS, DuplicateForm, UndoForm
from daybreak.kernel.moments import now
from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.people.public import BOTH, SAME, keep_apart, requires, site_named, undo_decision

MAY = Permission.REGISTER_PATIENT
VERDICT_WORDS = {
    "same": gettext_lazy("Merged"),
    "both": gettext_lazy("The same person, both kept"),
    "different": gettext_lazy("Two people"),
    "undone": gettext_lazy("Undone"),
}
ROOM_WORDS = {
    "consent": gettext_lazy("consents"),
    "follow": gettext_lazy("follow-up"),
    "measure": gettext_lazy("questionnaires, measurements and results"),
    "people": gettext_lazy("a death"),
    "screen": gettext_lazy("screening"),
    "treat": gettext_lazy("treatment"),
}


@requires(MAY, purpose="who may have been recorded twice")
@require_GET
def duplicates(request: HttpRequest, scope: Scope) -> HttpResponse:
    """List the records that may be one person, and what was decided. `one` and `other` look up two that nobody
    suggested, `record` and `second` choose from what is found.
    """
    at, asked = now(), {name: request.GET.get(name, "")[:100].strip() for name in ("one", "other", "record", "second")}
    found_by = {name: looked_up(scope, asked[name], at=at) for name in ("one", "other")}
    chosen = [
        key
        for name, choice in (("one", "record"), ("other", "second"))
        for key, _who in found_by[name]
        if str(key) == asked[choice]
    ]
    if len(set(chosen)) == 2:
        return redirect("desk:duplicate", site=scope.site, one=chosen[0], other=chosen[1])
    found = duplicates_of(scope, at=at)
    context = {
        "site": scope.site,
        "zone": site_named(scope.site).time_zone,
        "found": found,
        "suggested": [(each, [ALIKE_WORDS[word] for word in each.because]) for each in found.suggested],
        "verdicts": VERDICT_WORDS,
        "asked": asked,
        "looked_up": found_by,
        "most": MANY,
        "is_one": len(chosen) == 2,
    }
    return render(request, "desk/duplicates.html", context)


@requires(MAY, purpose="two records side by side")
@require_http_methods(["GET", "POST"])
def pair(request: HttpRequest, scope: Scope, one: UUID, other: UUID) -> HttpResponse:
    """Show two records side by side, and take down whether they are one person."""
    found = _found(scope, one, other)
    form = DuplicateForm(request.POST or None, pair=found)
    if request.method == "POST" and form.is_valid() and _is_decided(scope, found, form):
        messages.success(request, _("The decision is recorded."))
        return redirect("desk:duplicates", site=scope.site)
    return _page(request, scope, found, form, None)


@requires(MAY, purpose="a decision about two records, undone")
@require_POST
def undo(request: HttpRequest, scope: Scope, one: UUID, other: UUID) -> HttpResponse:
    """Take a decision about two records back."""
    found = _found(scope, one, other)
    form = UndoForm(request.POST)
    if form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("key", "decision", "because")}
        try:
            undo_decision(scope, at=now(), **said)
        except Refusal as no:
            form.add_error(None, str(no))
        else:
            messages.success(request, _("The decision is undone. Both records stand for themselves."))
            return redirect("desk:duplicate", site=scope.site, one=one, other=other)
    return _page(request, scope, found, None, form)


def _is_decided(scope: Scope, found: Pair, form: DuplicateForm) -> bool:
    said = {name: form.cleaned_data[name] for name in ("key", "because")}
    one, other, kept = found.one.row.key, found.other.row.key, form.kept()
    try:
        if kept is None:
            say = say_same if form.cleaned_data["decision"] == BOTH else keep_apart
            say(scope, record=one, other=other, at=now(), **said)
        else:
            merge(scope, record=other if kept == one else one, into=kept, at=now(), **said)
    except Refusal as no:
        form.add_error(None, str(no))
        return False
    return True


def _page(
    request: HttpRequest, scope: Scope, found: Pair, form: DuplicateForm | None, undoing: UndoForm | None
) -> HttpResponse:
    if found.stands and undoing is None:
        undoing = UndoForm(initial={"decision": found.stands.key})
    context = {
        "site": scope.site,
        "zone": site_named(scope.site).time_zone,
        "pair": found,
        "records": [(letter, each, _ways(each.in_the_way)) for letter, each in (("A", found.one), ("B", found.other))],
        "form": None if found.stands else form or DuplicateForm(pair=found),
        "undoing": undoing,
        "told": [(VERDICT_WORDS[row.verdict], BECAUSE_WORDS[row.because], row, by) for row, by in found.told],
        "merged": found.stands is not None and found.stands.verdict == SAME,
    }
    failed = (form is not None and form.errors) or (undoing is not None and undoing.errors)
    return render(request, "desk/duplicate.html", context, status=422 if failed else 200)


def _ways(in_the_way: dict[str, int]) -> list[str]:
    return sorted(str(ROOM_WORDS.get(room, _("other entries"))) for room in in_the_way)


def _found(scope: Scope, one: UUID, other: UUID) -> Pair:
    found = pair_of(scope, one, other, at=now())
    if found is None:
        raise Http404("No such records")
    return found
