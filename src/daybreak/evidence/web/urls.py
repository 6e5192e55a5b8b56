"""The addresses of the evidence, below /at/<site>/evidence/."""

from django.urls import path

from daybreak.evidence.web.views import doses, doses_file, pooled, pooled_file, reviewed, trials_file

app_name = "evidence"
urlpatterns = [
    path("", pooled, name="pooled"),
    path("pooled.csv", pooled_file, name="pooled_file"),
    path("trials.zip", trials_file, name="trials_file"),
    path("reviews/", reviewed, name="reviews"),
    path("doses/", doses, name="doses"),
    path("doses.csv", doses_file, name="doses_file"),
]
