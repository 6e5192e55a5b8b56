"""Addresses of learning, below `/at/<site>/learn/`."""

from django.urls import path

from daybreak.learn.web import certificates, films, learners, quiz, views

app_name = "learn"
urlpatterns = [
    path("", views.catalogue, name="catalogue"),
    path("transcript/", certificates.own_transcript, name="transcript"),
    path("certificates/<str:code>/", certificates.certificate, name="certificate"),
    path("certificates/<str:code>/certificate.pdf", certificates.certificate_file, name="certificate_file"),
    path("certificates/<str:code>/again/", certificates.again, name="again"),
    path("certificates/<str:code>/unreport/", certificates.unreport, name="unreport"),
    path("learners/", learners.learners, name="learners"),
    path("learners/learners.csv", learners.learners_file, name="learners_file"),
    path("provider/", certificates.provider, name="provider"),
    path("<slug:course>/", views.preview, name="course"),
    path("<slug:course>/begin/", views.begin, name="begin"),
    path("<slug:course>/section/<slug:section>/", views.section, name="section"),
    path("<slug:course>/<int:version>/video/<slug:film>/", films.film, name="film"),
    path("<slug:course>/<int:version>/video/<slug:film>/captions/", films.captions, name="captions"),
    path("<slug:course>/quiz/", quiz.quiz, name="quiz"),
    path("<slug:course>/quiz/<uuid:attempt>/", quiz.attempt, name="attempt"),
    path("<slug:course>/evaluation/", views.evaluation, name="evaluation"),
    path("<slug:course>/claim/", views.claim_credit, name="claim"),
]
