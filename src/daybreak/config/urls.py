"""Every address of the house."""

from django.urls import include, path

from daybreak.config.sign_in import front_door, one_click

urlpatterns = [
    path("", front_door, name="front_door"),
    path("accounts/one-click/", one_click, name="one_click"),
    path("accounts/", include("allauth.urls")),
]
