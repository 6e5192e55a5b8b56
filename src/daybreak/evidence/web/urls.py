"""The addresses of the evidence, below /at/<site>/evidence/."""

from django.urls import path

from daybreak.evidence.web.views import doses, doses_file, pooled, reviewed, trials_file

app_name = "evidence"
urlpatterns = [
    path("", pooled, name="pooled"),
    path("trials.zip", trials_file, name="trials_file"),
    path("reviews/", reviewed, name="reviews"),
    path("doses/", doses, name="doses"),
    path("doses.csv", doses_file, name="doses_file"),
]
