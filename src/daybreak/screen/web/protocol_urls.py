"""Addresses of the protocols as pages, below `/at/<site>/protocols/`."""

from django.urls import path

from daybreak.screen.web import protocol_views

app_name = "protocols"
urlpatterns = [
    path("", protocol_views.protocol_list, name="list"),
    path("<slug:protocol>/", protocol_views.protocol_page, name="protocol"),
]
