"""The addresses that need no account: below `/answer/`, opened by the secret of a link."""

from django.urls import path

from daybreak.follow_up.web import phone, phone_worker

app_name = "answer"
urlpatterns = [
    path("worker.js", phone_worker.worker, name="worker"),
    path("<slug:site>/<str:token>/", phone.questions, name="questions"),
    path("<slug:site>/<str:token>/help/", phone.help_now, name="help"),
    path("<slug:site>/<str:token>/not-for-me/", phone.not_for_me, name="not_mine"),
]
