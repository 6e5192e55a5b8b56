"""Every address of the house."""

from allauth.account import views as account
from django.urls import include, path, re_path

from daybreak.config.health import healthz
from daybreak.config.sign_in import front_door, one_click
from daybreak.design.web.views import gallery
from daybreak.people.public import open_to
from daybreak.register.web.told_views import figures
from daybreak.treat.web.api import api
from daybreak.treat.web.worker import shell, worker

# Sign-in by allauth: only what is used. Nobody signs up, and addresses are changed by the site lead.
ACCOUNTS = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
    # The first dash parts account and key; a plain path would part them at the last one, inside the key.
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("password/reset/key/done/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("2fa/", include("allauth.mfa.urls")),
]

AT_SITE = [
    path("", include("daybreak.desk.web.urls")),
    path("team/", include("daybreak.people.web.urls")),
    path("measure/", include("daybreak.measure.web.urls")),
    path("screen/", include("daybreak.screen.web.urls")),
    path("protocols/", include("daybreak.screen.web.protocol_urls")),
    path("consent/", include("daybreak.consent.web.urls")),
    path("treat/", include("daybreak.treat.web.urls")),
    path("follow-up/", include("daybreak.follow_up.web.urls")),
    path("register/", include("daybreak.register.web.urls")),
    path("evidence/", include("daybreak.evidence.web.urls")),
    path("watch/", include("daybreak.watch.web.urls")),
    path("learn/", include("daybreak.learn.web.urls")),
]

urlpatterns = [
    path("", front_door, name="front_door"),
    path("healthz", healthz, name="healthz"),
    path("worker.js", worker, name="worker"),
    path("offline/", shell, name="offline"),
    path("accounts/one-click/", one_click, name="one_click"),
    path("accounts/", include(ACCOUNTS)),
    path("design/", open_to("anyone: it shows the product's parts with invented data")(gallery), name="gallery"),
    path("api/", api.urls),
    path("answer/", include("daybreak.follow_up.web.public_urls")),
    path("mine/", include("daybreak.follow_up.web.own_urls")),
    path("figures/", figures, name="figures"),
    path("verify/", include("daybreak.learn.web.verify_urls")),
    path("accounts/join/", include("daybreak.people.web.join_urls")),
    path("at/<slug:site>/", include(AT_SITE)),
]

handler400 = "daybreak.config.refused.bad_request"
handler404 = "daybreak.config.refused.not_found"
handler500 = "daybreak.config.refused.our_fault"
