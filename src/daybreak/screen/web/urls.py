"""Addresses of screen, below `/at/<site>/screen/`."""

from django.urls import path

from daybreak.screen.web import asking, deciding, files, treatments, views, writing

PATIENT = "<uuid:patient>/"
ENTRY = "<uuid:entry>/"

app_name = "screen"
urlpatterns = [
    path("", views.worklist, name="worklist"),
    path(PATIENT, views.screening, name="patient"),
    path(f"{PATIENT}refer/", writing.refer_patient, name="refer"),
    path(f"{PATIENT}files/", files.add_files, name="files"),
    path(f"{PATIENT}files/{ENTRY}", files.download, name="file"),
    path(f"{PATIENT}files/{ENTRY}withdraw/", files.withdraw, name="withdraw_file"),
    path(f"{PATIENT}diagnosis/", writing.diagnosis, name="diagnosis"),
    path(f"{PATIENT}diagnosis/{ENTRY}withdraw/", writing.withdraw_diagnosis, name="withdraw_diagnosis"),
    path(f"{PATIENT}past-treatments/", treatments.past_treatment, name="past_treatments"),
    path(
        f"{PATIENT}past-treatments/{ENTRY}correct/",
        treatments.correct_past_treatment,
        name="correct_past_treatment",
    ),
    path(
        f"{PATIENT}past-treatments/{ENTRY}withdraw/",
        treatments.withdraw_past_treatment,
        name="withdraw_past_treatment",
    ),
    path(f"{PATIENT}electroconvulsive/", treatments.series, name="series"),
    path(f"{PATIENT}electroconvulsive/{ENTRY}withdraw/", treatments.withdraw_series, name="withdraw_series"),
    path(f"{PATIENT}questions/", asking.questions, name="questions"),
    path(f"{PATIENT}questions/<slug:question>/", asking.one_question, name="question"),
    path(f"{PATIENT}history/<slug:step>/", asking.history, name="history"),
    path(f"{PATIENT}decision/", deciding.decision, name="decision"),
    path(f"{PATIENT}decision/{ENTRY}", deciding.decided, name="decided"),
    path(f"{PATIENT}decision/{ENTRY}second/", deciding.second, name="second"),
]
