"""The tables of the infusion room."""

from daybreak.treat.models.acts import Act, Settlement
from daybreak.treat.models.alarms import Alarm, AlarmStep, Assessment, OpenAlarm
from daybreak.treat.models.changes import StateChange
from daybreak.treat.models.emergency import EmergencyEntry
from daybreak.treat.models.escorts import Escort
from daybreak.treat.models.events import AdverseEvent
from daybreak.treat.models.holds import ProtocolHold
from daybreak.treat.models.letters import ReferrerLetter
from daybreak.treat.models.medicines import MedicineGiven
from daybreak.treat.models.notes import Note
from daybreak.treat.models.orders import Order
from daybreak.treat.models.places import Booking, Chair, Move
from daybreak.treat.models.presence import Presence
from daybreak.treat.models.quality import SessionQuality
from daybreak.treat.models.readings import Device, Reading
from daybreak.treat.models.reports import ReportSent
from daybreak.treat.models.reviews import DECISIONS, CourseDecision, ReviewAsked
from daybreak.treat.models.sessions import Check, Course, DoseOrder, Override, Session, SessionStep
from daybreak.treat.models.stock import Count, Lot, Movement, Waste, Witness
from daybreak.treat.models.supervision import Supervision
from daybreak.treat.models.team import TeamMember

__all__ = [
    "DECISIONS",
    "Act",
    "AdverseEvent",
    "Alarm",
    "AlarmStep",
    "Assessment",
    "Booking",
    "Chair",
    "Check",
    "Count",
    "Course",
    "CourseDecision",
    "Device",
    "DoseOrder",
    "EmergencyEntry",
    "Escort",
    "Lot",
    "MedicineGiven",
    "Move",
    "Movement",
    "Note",
    "OpenAlarm",
    "Order",
    "Override",
    "Presence",
    "ProtocolHold",
    "Reading",
    "ReferrerLetter",
    "ReportSent",
    "ReviewAsked",
    "Session",
    "SessionQuality",
    "SessionStep",
    "Settlement",
    "StateChange",
    "Supervision",
    "TeamMember",
    "Waste",
    "Witness",
]
