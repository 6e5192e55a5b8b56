"""Addresses of measure, below `/at/<site>/measure/`."""

from django.urls import path

from daybreak.measure.web import views

app_name = "measure"
urlpatterns = [
    path("<uuid:patient>/", views.overview, name="patient"),
    path("<uuid:patient>/take/<slug:instrument>/", views.take, name="take"),
    path("<uuid:patient>/vital-signs/", views.vital_signs, name="vital_signs"),
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
