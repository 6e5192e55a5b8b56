"""Addresses of the desk, below `/at/<site>/`."""

from django.urls import path

from daybreak.desk.web import beside, data_questions, deaths, duplicates, escort, signals, source_samples, tray, views

app_name = "desk"
urlpatterns = [
    path("", views.home, name="home"),
    path("patients/", views.patient_list, name="patients"),
    path("patients/new/", views.new_patient, name="new_patient"),
    path("patients/twice/", duplicates.duplicates, name="duplicates"),
    path("patients/twice/<uuid:one>/<uuid:other>/", duplicates.pair, name="duplicate"),
    path("patients/twice/<uuid:one>/<uuid:other>/undo/", duplicates.undo, name="undo_duplicate"),
    path("patients/<uuid:patient>/", views.patient_page, name="patient"),
    path("patients/<uuid:patient>/death/", deaths.death, name="death"),
    path("patients/<uuid:patient>/death/take-back/", deaths.take_back, name="take_back_death"),
    path("sessions/<uuid:session>/escort/", escort.escort, name="escort"),
    path("data-checks/<slug:check>/", data_questions.check_rows, name="check_rows"),
    path("data-questions/", data_questions.questions, name="data_questions"),
    path("data-questions/<uuid:key>/", data_questions.question, name="data_question"),
    path("source-samples/", source_samples.samples, name="source_samples"),
    path("source-samples/<uuid:key>/", source_samples.sample, name="source_sample"),
    path("source-samples/<uuid:key>/<int:number>/", source_samples.item, name="source_item"),
    path("beside/", beside.page, name="beside"),
    path("board/", signals.board, name="board"),
    path("board/decide/", signals.decision, name="decide"),
    path("board/hold/", signals.hold, name="hold"),
    path("board/lift/", signals.lift, name="lift"),
    path("tray/", tray.tray, name="tray"),
    path("tray/settle/", tray.settle, name="settle_tray"),
]
