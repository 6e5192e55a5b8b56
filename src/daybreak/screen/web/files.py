"""The files beside a referral: added, downloaded, taken back. Never shown inline."""

from collections.abc import Iterable
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from daybreak.identity.public import person
from daybreak.kernel.files import MOST_BYTES, NotAnAttachment, safe_name
from daybreak.kernel.keys import key_from
from daybreak.kernel.moments import now
from daybreak.kernel.permissions import Permission
from daybreak.kernel.scope import Scope
from daybreak.people.public import demand_patient, requires
from daybreak.screen.actions import NewAttachment, attach, withdraw_attachment
from daybreak.screen.queries import attachment_content, attachments, referrals
from daybreak.screen.web.forms import MoreFiles
from daybreak.screen.web.telling import page, told
from daybreak.screen.web.views import frame


def files_in(sent: Iterable[UploadedFile], form_key: UUID) -> list[NewAttachment]:
    """Return the files of a form, each with a key of its own that a second sending makes again.

    Raises NotAnAttachment for one that is too large, before it is read.
    """
    found = []
    for place, file in enumerate(sent):
        if file.size > MOST_BYTES:
            raise NotAnAttachment(
                f"“{safe_name(file.name)}” is larger than {MOST_BYTES // 2**20} MB. Send a smaller copy."
            )
        found.append(NewAttachment(key_from(str(form_key), "file", str(place)), file.name, file.read()))
        file.seek(0)
    return found


@requires(Permission.SCREEN, Permission.REGISTER_PATIENT, purpose="adding a file to a referral")
@require_http_methods(["GET", "POST"])
def add_files(request: HttpRequest, scope: Scope, patient: UUID) -> HttpResponse:
    """The files beside the newest referral, and a form to add more."""
    demand_patient(scope, patient)
    known = referrals(scope, patient=patient)
    if not known:
        raise Http404("The patient is not referred")
    form = MoreFiles(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data

        def keep(at: object) -> None:
            sent = files_in(said["attachments"], said["key"])
            attach(scope, patient=patient, referral=known[0].key, files=sent, at=at)

        if told(form, "attachment", scope, keep):
            messages.success(request, _("The files are kept with the referral."))
            return redirect("screen:files", site=scope.site, patient=patient)
    context = {**frame(request, scope, patient), "form": form, "files": attachments(scope, patient=patient)}
    return page(request, "screen/files.html", context)


@requires(Permission.READ_PATIENT, purpose="downloading a file of a referral")
@require_GET
def download(request: HttpRequest, scope: Scope, patient: UUID, entry: UUID) -> HttpResponse:
    """Give a file to be saved: under a safe name, as bytes that no browser opens in the page."""
    demand_patient(scope, patient)
    found = next((each for each in attachments(scope, patient=patient) if each.key == entry), None)
    content = attachment_content(scope, patient=patient, attachment=entry) if found else None
    if found is None or content is None:
        raise Http404("No such file")
    person(scope, patient, at=now())  # a file names its patient, so that taking it is a look
    response = HttpResponse(content, content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, safe_name(found.name))
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@requires(Permission.SCREEN, Permission.REGISTER_PATIENT, purpose="taking a file of a referral back")
@require_POST
def withdraw(request: HttpRequest, scope: Scope, patient: UUID, entry: UUID) -> HttpResponse:
    """Take back a file that does not belong to this patient."""
    demand_patient(scope, patient)
    if entry not in {each.key for each in attachments(scope, patient=patient)}:
        raise Http404("No such file")
    withdraw_attachment(scope, patient=patient, attachment=entry, at=now())
    messages.success(request, _("The file no longer stands with this patient."))
    return redirect("screen:files", site=scope.site, patient=patient)
