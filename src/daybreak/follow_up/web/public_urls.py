"""The addresses that need no account: below `/answer/`, opened by the secret of a link."""

from django.urls import path

from daybreak.follow_up.web import phone

app_name = "answer"
urlpatterns = [path("<slug:site>/<str:token>/", phone.questions, name="questions")]
