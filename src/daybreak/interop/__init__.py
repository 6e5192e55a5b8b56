"""Exchange with other systems. `fhir` reads FHIR R4 into neutral records and takes them in through the rooms'
own doors.

It may never be imported, never write past a room's action, and never drop something silently: whatever is
read is counted once, as accepted, unchanged, unused or rejected.
"""
