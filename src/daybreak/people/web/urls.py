"""Addresses of people, below `/at/<site>/team/`."""

from django.urls import path

from daybreak.people.web import duty, lines, own, views

app_name = "people"
urlpatterns = [
    path("", views.team, name="team"),
    path("names/", views.rename, name="rename"),
    path("colleagues/", views.add_colleague, name="add_colleague"),
    path("credentials/", views.add_credential, name="add_credential"),
    path("mine/", own.mine, name="mine"),
    path("credentials/<uuid:offer>/document/", own.document, name="document"),
    path("credentials/<uuid:offer>/settle/", own.settle, name="settle"),
    path("lines/", lines.lines, name="lines"),
    path("duty/", duty.duty, name="duty"),
    path("duty/turns/", duty.add_turn, name="add_turn"),
    path("duty/turns/<uuid:turn>/end/", duty.end, name="end_turn"),
]
