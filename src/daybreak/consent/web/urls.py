"""Addresses of consent, below `/at/<site>/consent/`."""

from django.urls import path

from daybreak.consent.web import handed_over, own_withdrawal, views

app_name = "consent"
urlpatterns = [
    path("<uuid:patient>/", views.status, name="patient"),
    path("<uuid:patient>/hand-over/", views.hand_over, name="hand_over"),
    path("<uuid:patient>/countersign/<slug:kind>/", views.countersign, name="countersign"),
    path("<uuid:patient>/withdraw/<slug:kind>/", views.withdraw_consent, name="withdraw"),
    path("<uuid:patient>/copy/<uuid:signature>/", views.paper, name="copy"),
    path("<uuid:patient>/read/", handed_over.begin, name="begin"),
    path("<uuid:patient>/sign/<slug:kind>/", handed_over.sign_page, name="sign"),
    path("<uuid:patient>/no-longer/<slug:kind>/", own_withdrawal.withdraw_own, name="withdraw_own"),
    path("<uuid:patient>/give-back/", handed_over.give_back, name="give_back"),
    path("<uuid:patient>/take-back/", handed_over.take_back, name="take_back"),
]
