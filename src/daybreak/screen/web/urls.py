"""Addresses of screen, below `/at/<site>/screen/`."""

from django.urls import path

from daybreak.screen.web import views, writing

app_name = "screen"
urlpatterns = [
    path("", views.worklist, name="worklist"),
    path("<uuid:patient>/", views.screening, name="patient"),
    path("<uuid:patient>/refer/", writing.refer_patient, name="refer"),
    path("<uuid:patient>/diagnosis/", writing.diagnosis, name="diagnosis"),
    path(
        "<uuid:patient>/diagnosis/<uuid:entry>/withdraw/",
        writing.withdraw_diagnosis,
        name="withdraw_diagnosis",
    ),
    path("<uuid:patient>/past-treatments/", writing.past_treatment, name="past_treatments"),
    path(
        "<uuid:patient>/past-treatments/<uuid:entry>/withdraw/",
        writing.withdraw_past_treatment,
        name="withdraw_past_treatment",
    ),
    path("<uuid:patient>/questions/", writing.questions, name="questions"),
    path("<uuid:patient>/questions/<slug:question>/", writing.one_question, name="question"),
    path("<uuid:patient>/decision/", writing.decision, name="decision"),
    path("<uuid:patient>/decision/<uuid:entry>/second/", writing.second, name="second"),
]
