"""Addresses of the infusion room, below `/at/<site>/treat/`."""

from django.urls import path

from daybreak.treat.web import acts, after, calendar, chair, entered, keeping, places, plan, prepare, setup, waiting
from daybreak.treat.web.live import live

app_name = "treat"
urlpatterns = [
    path("", plan.today, name="today"),
    path("live/", live, name="live"),
    path("calendar/", calendar.page, name="calendar"),
    path("chairs/", places.page, name="chairs"),
    path("chairs/new/", places.new_chair, name="new_chair"),
    path("chairs/<uuid:chair>/", places.change, name="change_chair"),
    path("chairs/<uuid:chair>/end/", places.end, name="end_chair"),
    path("patients/<uuid:patient>/", plan.patient_courses, name="plan"),
    path("patients/<uuid:patient>/open/", plan.open_a_course, name="open_course"),
    path("courses/<uuid:course>/plan/", plan.plan_a_session, name="plan_session"),
    path("sessions/<uuid:session>/", plan.session_page, name="session"),
    path("sessions/<uuid:session>/cancel/", plan.cancel, name="cancel"),
    path("sessions/<uuid:session>/move/", plan.move, name="move"),
    path("sessions/<uuid:session>/prepare/", prepare.page, name="prepare"),
    path("sessions/<uuid:session>/check-in/", prepare.check_in_now, name="check_in"),
    path("sessions/<uuid:session>/weigh/", prepare.weigh_now, name="weigh"),
    path("sessions/<uuid:session>/ready/", prepare.ready_now, name="ready"),
    path("sessions/<uuid:session>/time-out/", prepare.time_out_now, name="time_out"),
    path("sessions/<uuid:session>/override/", prepare.override_now, name="override"),
    path("sessions/<uuid:session>/start/", prepare.start_now, name="start"),
    path("sessions/<uuid:session>/chair/", chair.page, name="chair"),
    path("sessions/<uuid:session>/alarms/", chair.alarm_cards, name="alarms"),
    path("sessions/<uuid:session>/alarms/acknowledge/", chair.acknowledge_all, name="acknowledge_all"),
    path("sessions/<uuid:session>/readings/", entered.readings, name="readings"),
    path("sessions/<uuid:session>/step/<slug:step>/", chair.step_now, name="step"),
    path("sessions/<uuid:session>/event/", entered.event_now, name="event"),
    path("sessions/<uuid:session>/after/", after.page, name="after"),
    path("sessions/<uuid:session>/checks/", after.checks_now, name="checks"),
    path("sessions/<uuid:session>/discharge/", after.discharge_now, name="discharge"),
    path("sessions/<uuid:session>/summary/", after.summary, name="summary"),
    path("sessions/<uuid:session>/acts/", acts.acts, name="acts"),
    path("sessions/<uuid:session>/acts/waiting/", waiting.waiting, name="waiting"),
    path("sessions/<uuid:session>/kept/", keeping.kept, name="kept"),
    path("device/keys/", keeping.device_keys, name="device_keys"),
    path("alarms/<uuid:alarm>/acknowledge/", chair.acknowledge_now, name="acknowledge"),
    path("setup/", setup.page, name="setup"),
    path("setup/devices/", setup.new_device, name="new_device"),
    path("setup/monitors/", setup.new_monitor, name="new_monitor"),
    path("setup/devices/<uuid:device>/end/", setup.end_a_device, name="end_device"),
    path("setup/assessment/", setup.assess_now, name="assess"),
]
