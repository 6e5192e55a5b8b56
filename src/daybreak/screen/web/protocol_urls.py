"""Addresses of the definitions as pages, below `/at/<site>/protocols/`."""

from django.urls import path

from daybreak.screen.web import protocol_views

app_name = "protocols"
_ONE = "kinds/<slug:kind>/<slug:definition>"
urlpatterns = [
    path("", protocol_views.protocol_list, name="list"),
    path(f"{_ONE}/", protocol_views.definition_page, name="definition"),
    path(f"{_ONE}/<int:version>/", protocol_views.definition_page, name="version"),
    path(f"{_ONE}/<int:old>/<int:new>/", protocol_views.changes_page, name="changes"),
    path("<slug:protocol>/", protocol_views.protocol_page, name="protocol"),
]
