"""Addresses of follow-up, below `/at/<site>/follow-up/`."""

from django.urls import path

from daybreak.follow_up.web import views

app_name = "follow_up"
urlpatterns = [
    path("", views.work, name="work"),
    path("tasks/<uuid:task>/", views.task, name="task"),
    path("tasks/<uuid:task>/take/", views.take, name="take"),
    path("tasks/<uuid:task>/close/", views.close, name="close"),
    path("patients/<uuid:patient>/", views.patient_page, name="patient"),
    path("patients/<uuid:patient>/ask/", views.ask, name="ask"),
    path("invitations/<uuid:invitation>/", views.invitation_page, name="invitation"),
    path("invitations/<uuid:invitation>/link/", views.link, name="link"),
    path("invitations/<uuid:invitation>/call-off/", views.take_back, name="call_off"),
]
