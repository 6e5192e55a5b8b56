"""Addresses that anyone may open, below `/verify/`."""

from django.urls import path

from daybreak.learn.web import verifying

app_name = "verify"
urlpatterns = [
    path("", verifying.ask, name="ask"),
    path("<str:code>/", verifying.certificate, name="certificate"),
]
