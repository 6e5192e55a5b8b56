"""Treat: plans, sessions, doses, readings, alarms, adverse events and discharge.

It keeps what happened at the chair: who was checked in, weighed, checked by two people, given how much, watched how,
and when
they could leave. It may never decide outside `rules` and a definition, never start a dose on an unknown, and never
drop a reading:
what cannot be placed waits in the tray with its reason. Its alarms are a second notification beside the bedside
monitor.
"""
