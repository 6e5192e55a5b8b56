"""Addresses of measure, below `/at/<site>/measure/`."""

from django.urls import path

from daybreak.measure.web import measured, questionnaires, views

app_name = "measure"
urlpatterns = [
    path("<uuid:patient>/", views.overview, name="patient"),
    path("<uuid:patient>/take/<slug:instrument>/", questionnaires.take, name="take"),
    path("<uuid:patient>/total/<slug:instrument>/", questionnaires.total, name="total"),
    path("<uuid:patient>/history/<slug:instrument>/", questionnaires.history, name="history"),
    path(
        "<uuid:patient>/history/<slug:instrument>/<uuid:entry>/in-error/",
        questionnaires.retract,
        name="retract",
    ),
    path("<uuid:patient>/vital-signs/", measured.vital_signs, name="vital_signs"),
    path("<uuid:patient>/vital-signs/<uuid:entry>/", measured.correct_sign, name="correct_sign"),
    path("<uuid:patient>/vital-signs/<uuid:entry>/in-error/", measured.retract_sign, name="retract_sign"),
    path("<uuid:patient>/laboratory/", measured.labs, name="labs"),
    path("<uuid:patient>/laboratory/<uuid:entry>/in-error/", measured.retract_lab, name="retract_lab"),
    path("<uuid:patient>/allergies/", views.allergy_list, name="allergies"),
    path("<uuid:patient>/allergies/none-known/", views.no_known_allergies, name="no_known_allergies"),
    path(
        "<uuid:patient>/allergies/<uuid:entry>/not-active/",
        views.allergy_not_active,
        name="allergy_not_active",
    ),
    path("<uuid:patient>/medicines/", views.medicine_list, name="medicines"),
    path("<uuid:patient>/medicines/<uuid:entry>/stop/", views.stop_medicine, name="stop_medicine"),
]
