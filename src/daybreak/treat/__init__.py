"""Treat: plans, orders, sessions, doses, readings, alarms, adverse events and discharge; chairs and controlled drugs.

It keeps what happened at the chair: who was checked in, weighed, checked by two people, given how much, watched how,
and when they could leave; what was done without a network is told later and merged by time. It may never decide
outside `rules` and a definition, never start a dose on an unknown, and never drop a reading: what cannot be placed
waits in the tray with its reason. Its alarms are a second notification beside the bedside monitor.
"""
