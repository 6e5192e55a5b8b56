"""The addresses of the monitor, below /at/<site>/watch/."""

from django.urls import path

from daybreak.watch.web.questions import question_figure, question_page, questions_page
from daybreak.watch.web.report_views import report_file
from daybreak.watch.web.views import cumulative_figure, cumulative_page, figure, over_time_figure, over_time_page, page

app_name = "watch"
urlpatterns = [
    path("", page, name="monitor"),
    path("over-time/", over_time_page, name="over_time"),
    path("over-time/figure/<slug:which>.<slug:kind>", over_time_figure, name="over_time_figure"),
    path("questions/", questions_page, name="questions"),
    path("questions/<slug:question>/", question_page, name="question"),
    path("questions/<slug:question>/figure/<slug:which>.<slug:kind>", question_figure, name="question_figure"),
    path("report/<slug:reader>.pdf", report_file, name="report"),
    path("exposure/", cumulative_page, name="cumulative"),
    path("exposure/figure/<slug:which>.<slug:kind>", cumulative_figure, name="cumulative_figure"),
    path("figure/<slug:which>.<slug:kind>", figure, name="figure"),
]
