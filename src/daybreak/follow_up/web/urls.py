"""Addresses of follow-up, below `/at/<site>/follow-up/`."""

from django.urls import path

from daybreak.follow_up.web import (
    cognition,
    interval,
    invitations,
    long_term,
    own_set_up,
    patient,
    reach,
    sending,
    tasks,
    work,
)

app_name = "follow_up"
urlpatterns = [
    path("", work.work, name="work"),
    path("tasks/<uuid:task>/", tasks.task, name="task"),
    path("tasks/<uuid:task>/take/", tasks.take, name="take"),
    path("tasks/<uuid:task>/close/", tasks.close, name="close"),
    path("patients/<uuid:patient>/", patient.patient_page, name="patient"),
    path("patients/<uuid:patient>/ask/", patient.ask, name="ask"),
    path("patients/<uuid:patient>/own-page/", own_set_up.own_page, name="own_page"),
    path("invitations/<uuid:invitation>/send/", sending.send, name="send"),
    path("invitations/<uuid:invitation>/withdraw/", sending.withdraw, name="withdraw"),
    path("patients/<uuid:patient>/interval/", interval.interval, name="interval"),
    path("patients/<uuid:patient>/interval/decide/", interval.decide, name="decide"),
    path("patients/<uuid:patient>/long-term/", long_term.long_term_page, name="long_term"),
    path("patients/<uuid:patient>/cognition/", cognition.cognition, name="cognition"),
    path("patients/<uuid:patient>/reach/", reach.reach, name="reach"),
    path("patients/<uuid:patient>/reach/tried/", reach.tried, name="tried"),
    path("patients/<uuid:patient>/reach/change/", reach.change, name="change"),
    path("invitations/<uuid:invitation>/", invitations.invitation_page, name="invitation"),
    path("invitations/<uuid:invitation>/link/", invitations.link, name="link"),
    path("invitations/<uuid:invitation>/call-off/", invitations.take_back, name="call_off"),
]
