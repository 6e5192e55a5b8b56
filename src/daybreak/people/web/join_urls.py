"""The address at which an account joins a second site: below `/accounts/join/`, so that no log holds the link."""

from django.urls import path

from daybreak.people.web import joining

app_name = "join"
urlpatterns = [path("<str:token>/", joining.join_site, name="join")]
