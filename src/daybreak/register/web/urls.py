"""The addresses of the register, below /at/<site>/register/."""

from django.urls import path

from daybreak.register.web.quality_query_views import again, ask_value, close, question, questions
from daybreak.register.web.quality_query_views import ask as ask_clinic
from daybreak.register.web.quality_views import quality
from daybreak.register.web.release_views import answer, ask, hand_out, release, releases, take_back
from daybreak.register.web.told_views import told
from daybreak.register.web.views import dictionary, dictionary_file, freeze, one, overview, progress

app_name = "register"
urlpatterns = [
    path("", overview, name="snapshots"),
    path("freeze/", freeze, name="freeze"),
    path("progress/", progress, name="progress"),
    path("columns/", dictionary, name="dictionary"),
    path("quality/", quality, name="quality"),
    path("quality/ask/<slug:clinic>/<slug:check>/", ask_clinic, name="ask_clinic"),
    path("quality/ask-value/<slug:clinic>/<slug:snapshot_id>/", ask_value, name="ask_value"),
    path("quality/questions/", questions, name="questions"),
    path("quality/questions/<slug:clinic>/<uuid:key>/", question, name="question"),
    path("quality/questions/<slug:clinic>/<uuid:key>/close/", close, name="close_question"),
    path("quality/questions/<slug:clinic>/<uuid:key>/again/", again, name="ask_again"),
    path("columns/dictionary.pdf", dictionary_file, name="dictionary_file"),
    path("told/", told, name="told"),
    path("releases/", releases, name="releases"),
    path("releases/ask/", ask, name="ask"),
    path("releases/<slug:request_site>/<uuid:key>/", release, name="release"),
    path("releases/<slug:request_site>/<uuid:key>/answer/", answer, name="answer"),
    path("releases/<slug:request_site>/<uuid:key>/take-back/", take_back, name="take_back"),
    path("releases/<slug:request_site>/<uuid:key>/rows/", hand_out, name="hand_out"),
    path("snapshot/<slug:snapshot_id>/", one, name="snapshot"),
]
