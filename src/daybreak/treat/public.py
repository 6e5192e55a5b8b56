"""The door of treat."""

from daybreak.treat.actions.alarms import acknowledge, confirm_sound, pause_sound, record_assessment
from daybreak.treat.actions.corrections import AlreadyCorrected, correct_reading, mark_artefact
from daybreak.treat.actions.devices import NotAMonitor, end_device, gateway_device, issue_device_token, register_monitor
from daybreak.treat.actions.dosing import choose_dose, weigh
from daybreak.treat.actions.emergency import close_emergency, note_emergency
from daybreak.treat.actions.escorts import note_escort
from daybreak.treat.actions.events import record_adverse_event
from daybreak.treat.actions.holds import NotAHold, hold_protocol, lift_hold
from daybreak.treat.actions.medicines import NotAMedicine, correct_medicine, mark_never_given, note_medicine
from daybreak.treat.actions.notes import write_note
from daybreak.treat.actions.order import NotAnOrder, confirm_order, sign_order
from daybreak.treat.actions.parts import change_syringe, give_part, raise_rate
from daybreak.treat.actions.places import ChairTaken, NotAChair, change_chair, end_chair, set_up_chair
from daybreak.treat.actions.placing import NotPlaced, place_readings
from daybreak.treat.actions.plan import NoChair, cancel_session, move_session, open_course, plan_session
from daybreak.treat.actions.prepare import (
    check_in,
    note_leaving,
    note_readiness,
    sign_override,
    sign_time_out,
)
from daybreak.treat.actions.readings import (
    REFUSED,
    Outcome,
    Refused,
    record_arrivals,
    record_at_once,
    record_readings,
    refuse,
    refuse_all,
)
from daybreak.treat.actions.reviews import NotADecision, ask_review, decide_course
from daybreak.treat.actions.run import (
    begin_recovery,
    change_rate,
    complete,
    discharge,
    pause,
    resume,
    start,
    stop,
)
from daybreak.treat.actions.stock import (
    NotAnAmount,
    NotAWitness,
    NotInStock,
    count_lot,
    draw,
    give_back,
    receive,
    waste,
    waste_from_safe,
    witness,
)
from daybreak.treat.actions.supervision import NotSupervised, sign_supervised
from daybreak.treat.actions.team import confirm_equipment, name_member
from daybreak.treat.actions.watching import beat, say_goodbye, watch_over
from daybreak.treat.jobs import watch_everywhere
from daybreak.treat.models import (
    AdverseEvent,
    Alarm,
    Chair,
    Course,
    CourseDecision,
    Device,
    DoseOrder,
    Reading,
    ReviewAsked,
    Session,
    SessionStep,
)
from daybreak.treat.queries.alarms import AlarmNow, alarms_are_on, alarms_of, open_alarms
from daybreak.treat.queries.answers import leaving, questions, starting
from daybreak.treat.queries.bedside import Bedside, bedside, bedside_unasked
from daybreak.treat.queries.devices import devices, monitor_at, monitor_codes
from daybreak.treat.queries.escorts import escort_of
from daybreak.treat.queries.events import EventEntry, adverse_events, event_history
from daybreak.treat.queries.holds import holds_in_force
from daybreak.treat.queries.medicines import MedicineEntry, medicines_of
from daybreak.treat.queries.notes import NoteEntry, notes_of
from daybreak.treat.queries.order import order_of
from daybreak.treat.queries.places import bookings, chair_named, chairs, moves_of
from daybreak.treat.queries.protocols import active_protocols, protocol_of, protocols_to_hold
from daybreak.treat.queries.readings import (
    baseline_of,
    history_of,
    readings_of,
    sessions_with_visit_number,
    stays_around,
)
from daybreak.treat.queries.reporting import reporting_at
from daybreak.treat.queries.reports import reports_of_site
from daybreak.treat.queries.reviews import course_decisions, open_reviews, reviews_asked
from daybreak.treat.queries.sessions import (
    SessionNow,
    SessionSummary,
    course_of_key,
    courses,
    courses_under,
    session,
    session_now,
    sessions_beside,
    sessions_of,
    sessions_of_course,
    sessions_of_each,
    sessions_of_keys,
    sessions_on,
    sessions_under_way,
    with_course,
)
from daybreak.treat.queries.stock import account_of, in_the_safe, lots, open_accounts, register
from daybreak.treat.queries.supervision import SupervisedSession, supervised_sessions, to_sign
from daybreak.treat.rules.blockers import Blocker, May
from daybreak.treat.rules.events import TIME_OUT_ITEMS
from daybreak.treat.rules.holds import Held
from daybreak.treat.rules.leaving import MayNotLeave
from daybreak.treat.rules.medicines import NewMedicine
from daybreak.treat.rules.readings import NewReading, Sender, Stay, is_visit_number, visit_number
from daybreak.treat.rules.route import Manner, time_out_items
from daybreak.treat.rules.start import MayNotStart
from daybreak.treat.rules.steps import AFTER_DOSE, REASONS, NotNow, State, Step
from daybreak.treat.rules.waiting import NotAReading, reading_in

__all__ = [
    "AFTER_DOSE",
    "REASONS",
    "REFUSED",
    "TIME_OUT_ITEMS",
    "AdverseEvent",
    "Alarm",
    "AlarmNow",
    "AlreadyCorrected",
    "Bedside",
    "Blocker",
    "Chair",
    "ChairTaken",
    "Course",
    "CourseDecision",
    "Device",
    "DoseOrder",
    "EventEntry",
    "Held",
    "Manner",
    "May",
    "MayNotLeave",
    "MayNotStart",
    "MedicineEntry",
    "NewMedicine",
    "NewReading",
    "NoChair",
    "NotAChair",
    "NotADecision",
    "NotAHold",
    "NotAMedicine",
    "NotAMonitor",
    "NotAReading",
    "NotAWitness",
    "NotAnAmount",
    "NotAnOrder",
    "NotInStock",
    "NotNow",
    "NotPlaced",
    "NotSupervised",
    "NoteEntry",
    "Outcome",
    "Reading",
    "Refused",
    "ReviewAsked",
    "Sender",
    "Session",
    "SessionNow",
    "SessionStep",
    "SessionSummary",
    "State",
    "Stay",
    "Step",
    "SupervisedSession",
    "account_of",
    "acknowledge",
    "active_protocols",
    "adverse_events",
    "alarms_are_on",
    "alarms_of",
    "ask_review",
    "baseline_of",
    "beat",
    "bedside",
    "bedside_unasked",
    "begin_recovery",
    "bookings",
    "cancel_session",
    "chair_named",
    "chairs",
    "change_chair",
    "change_rate",
    "change_syringe",
    "check_in",
    "choose_dose",
    "close_emergency",
    "complete",
    "confirm_equipment",
    "confirm_order",
    "confirm_sound",
    "correct_medicine",
    "correct_reading",
    "count_lot",
    "course_decisions",
    "course_of_key",
    "courses",
    "courses_under",
    "decide_course",
    "devices",
    "discharge",
    "draw",
    "end_chair",
    "end_device",
    "escort_of",
    "event_history",
    "gateway_device",
    "give_back",
    "give_part",
    "history_of",
    "hold_protocol",
    "holds_in_force",
    "in_the_safe",
    "is_visit_number",
    "issue_device_token",
    "leaving",
    "lift_hold",
    "lots",
    "mark_artefact",
    "mark_never_given",
    "medicines_of",
    "monitor_at",
    "monitor_codes",
    "move_session",
    "moves_of",
    "name_member",
    "note_emergency",
    "note_escort",
    "note_leaving",
    "note_medicine",
    "note_readiness",
    "notes_of",
    "open_accounts",
    "open_alarms",
    "open_course",
    "open_reviews",
    "order_of",
    "pause",
    "pause_sound",
    "place_readings",
    "plan_session",
    "protocol_of",
    "protocols_to_hold",
    "questions",
    "raise_rate",
    "reading_in",
    "readings_of",
    "receive",
    "record_adverse_event",
    "record_arrivals",
    "record_assessment",
    "record_at_once",
    "record_readings",
    "refuse",
    "refuse_all",
    "register",
    "register_monitor",
    "reporting_at",
    "reports_of_site",
    "resume",
    "reviews_asked",
    "say_goodbye",
    "session",
    "session_now",
    "sessions_beside",
    "sessions_of",
    "sessions_of_course",
    "sessions_of_each",
    "sessions_of_keys",
    "sessions_on",
    "sessions_under_way",
    "sessions_with_visit_number",
    "set_up_chair",
    "sign_order",
    "sign_override",
    "sign_supervised",
    "sign_time_out",
    "start",
    "starting",
    "stays_around",
    "stop",
    "supervised_sessions",
    "time_out_items",
    "to_sign",
    "visit_number",
    "waste",
    "waste_from_safe",
    "watch_everywhere",
    "watch_over",
    "weigh",
    "with_course",
    "witness",
    "write_note",
]
