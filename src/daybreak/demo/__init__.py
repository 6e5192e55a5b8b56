"""The demonstration: four synthetic clinics, a coordinating centre, sixty synthetic patients at all stages.

It is made by calling the rooms' own actions with a clock that moves, so that everything in it came into being the way
a real record
does. The same seed gives the same people and courses. It writes to synthetic sites only and is never imported, except
by config.
"""
