"""The addresses of a patient's own page, below `/mine/`."""

from django.urls import path

from daybreak.follow_up.web import own

app_name = "own"
HERE = "<slug:site>/<str:token>/"
urlpatterns = [
    path(HERE, own.page, name="page"),
    path(HERE + "help/", own.help_now, name="help"),
    path(HERE + "answer/<uuid:invitation>/", own.answer_now, name="answer"),
    path(HERE + "contact/", own.contact, name="contact"),
    path(HERE + "agreed/<slug:kind>/", own.withdraw, name="withdraw"),
    path(HERE + "appointment.ics", own.appointment, name="appointment"),
    path(HERE + "leave/", own.leave, name="leave"),
]
