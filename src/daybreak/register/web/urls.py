"""The addresses of the register, below /at/<site>/register/."""

from django.urls import path

from daybreak.register.web.views import dictionary, freeze, one, overview, progress

app_name = "register"
urlpatterns = [
    path("", overview, name="snapshots"),
    path("freeze/", freeze, name="freeze"),
    path("progress/", progress, name="progress"),
    path("columns/", dictionary, name="dictionary"),
    path("snapshot/<slug:snapshot_id>/", one, name="snapshot"),
]
