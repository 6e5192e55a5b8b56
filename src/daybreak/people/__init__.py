"""People: sites, staff, roles and credentials, and patients as tokens.

It answers two questions: may this person do this here, and may this person take this role today (and if not, why and
until when).
Its patients have no name and it never knows a clinical word.

A person who was recorded twice at one site is merged by a person: a fact that names the record that goes, the one that
is kept and how it is known, and that another fact undoes. What may never happen: a merge across sites, a merge that
nobody decided, a record that is merged twice or has another merged into it, a row that is moved, rewritten or lost.
Whoever merges has asked every room first (see the desk).
"""
