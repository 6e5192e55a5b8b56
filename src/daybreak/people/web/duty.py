"""The duty roster of a site: everybody here reads it, and the site lead writes it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from daybreak.design.public import moment
from daybreak.kernel.keys import new_key
from daybreak.kernel.moments import now
from daybreak.kernel.permissions import Permission
from daybreak.kernel.scope import Scope
from daybreak.people.access import requires
from daybreak.people.duty import FIRST, Gap, Turn, gaps, turns_at
from daybreak.people.queries import duty_turns, names_of_staff, site_named, staff
from daybreak.people.roles import ROLES
from daybreak.people.roster import NotATurn, end_turn, enter_turn
from daybreak.people.web.duty_forms import EndForm, TurnForm

AHEAD = timedelta(days=14)
UNPROCESSABLE = 422


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the roster: a turn, or a time in which nobody is on duty."""

    from_at: datetime
    until_at: datetime
    name: str = ""
    rank: str = ""
    telephone: str = ""
    is_now: bool = False
    turn: UUID | None = None
    end_key: UUID | None = None

    @property
    def is_gap(self) -> bool:
        """Whether nobody is on duty."""
        return not self.name


@requires(purpose="duty roster")
def duty(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Show who is on duty in the next two weeks, and when nobody is."""
    return _page(request, scope)


@requires(Permission.MANAGE_SITE, purpose="duty roster")
@require_http_methods(["POST"])
def add_turn(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Put somebody on duty."""
    form = TurnForm(_who_may(scope), request.POST, zone=site_named(scope.site).time_zone)
    if not form.is_valid():
        return _page(request, scope, form=form, status=UNPROCESSABLE)
    said = form.cleaned_data
    try:
        enter_turn(
            scope, key=said["key"], account=UUID(said["account"]), rank=int(said["rank"]), telephone=said["telephone"],
            from_at=said["from_at"], until_at=said["until_at"], at=now(),
        )  # fmt: skip
    except NotATurn as refusal:
        form.add_error(refusal.field or None, str(refusal))
        return _page(request, scope, form=form, status=UNPROCESSABLE)
    return redirect("people:duty", site=scope.site)


@requires(Permission.MANAGE_SITE, purpose="duty roster")
@require_http_methods(["POST"])
def end(request: HttpRequest, scope: Scope, turn: UUID) -> HttpResponse:
    """End a turn now, or take it back before it begins."""
    form = EndForm(request.POST)
    if not form.is_valid():
        return _page(request, scope, refusal=_("The page was not whole. Try again."), status=UNPROCESSABLE)
    try:
        end_turn(scope, key=form.cleaned_data["key"], turn=turn, at=now())
    except NotATurn as refusal:
        return _page(request, scope, refusal=str(refusal), status=UNPROCESSABLE)
    return redirect("people:duty", site=scope.site)


def _page(
    request: HttpRequest, scope: Scope, *, form: TurnForm | None = None, refusal: str = "", status: int = 200
) -> HttpResponse:
    at, zone = now(), site_named(scope.site).time_zone
    turns = [turn for turn in duty_turns(scope, since=at) if turn.from_at < at + AHEAD]
    open_times = gaps(turns, since=at, until=at + AHEAD)
    names = names_of_staff(turn.account for turn in turns)
    context = {
        "now": _now_words(turns, open_times, names, at, zone),
        "is_gap_now": bool(open_times) and open_times[0].from_at <= at,
        "rows": _rows(turns, open_times, names, at),
        "gaps": len(open_times),
        "until": at + AHEAD,
        "form": form or TurnForm(_who_may(scope), zone=site_named(scope.site).time_zone),
        "refusal": refusal,
        "may_write": Permission.MANAGE_SITE in request.may,
    }
    return render(request, "people/duty.html", context, status=status)


def _now_words(
    turns: Collection[Turn], open_times: Collection[Gap], names: dict[UUID, str], at: datetime, zone: str
) -> str:
    """Return who is on duty now and until when, in a sentence."""
    here = turns_at(turns, at)
    if not here:
        until = next(iter(open_times)).until_at
        if until >= at + AHEAD:
            return _("Nobody is on duty.")
        return _("Nobody is on duty until %(until)s.") % {"until": moment(until, zone)}
    first = _("%(name)s is on duty until %(until)s.") % {
        "name": names.get(here[0].account, ""),
        "until": moment(here[0].until_at, zone),
    }
    others = ", ".join(names.get(turn.account, "") for turn in here[1:])
    return f"{first} {_('After them is asked: %(names)s.') % {'names': others}}" if others else first


def _rows(turns: Collection[Turn], open_times: Collection[Gap], names: dict[UUID, str], at: datetime) -> list[Row]:
    found = [Row(gap.from_at, gap.until_at) for gap in open_times]
    found += [
        Row(
            turn.from_at,
            turn.until_at,
            name=names.get(turn.account, ""),
            rank=_("asked first") if turn.rank == FIRST else _("asked second"),
            telephone=turn.telephone,
            is_now=turn.holds(at),
            turn=turn.key,
            end_key=new_key(),
        )
        for turn in turns
    ]
    return sorted(found, key=lambda row: (row.from_at, row.rank))


def _who_may(scope: Scope) -> list[tuple[str, str]]:
    """Return those of the site who take calls: a turn is theirs to take."""
    found = {str(m.account_id): m.account.name for m in staff(scope) if Permission.FOLLOW_UP in ROLES.get(m.role, ())}
    return sorted(found.items(), key=lambda pair: pair[1])
