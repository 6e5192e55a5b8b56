"""People: sites, staff, roles and credentials, and patients as tokens.

It answers two questions: may this person do this here, and may this person take this role today (and if not, why and
until when).
Its patients have no name and it never knows a clinical word.
"""
