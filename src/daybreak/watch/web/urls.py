"""The addresses of the monitor, below /at/<site>/watch/."""

from django.urls import path

from daybreak.watch.web.views import figure, page

app_name = "watch"
urlpatterns = [
    path("", page, name="monitor"),
    path("figure/<slug:which>.<slug:kind>", figure, name="figure"),
]
