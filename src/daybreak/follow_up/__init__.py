"""Follow up: what is due from a patient after a session, the answers from the patient's phone, and what calls
for someone.

Each invitation comes from the protocol's schedule or from a person; a secret link lets one patient answer one
questionnaire and shows nothing back. An answer that calls for someone and the task for the clinician are one
transaction: neither exists without the other. It computes response, remission and relapse through the
rulebook for everyone who shows them. It may never decide what is given next.

A patient's call (an answer that calls, a sharp worsening, “I need help now”) is a task; who takes it, in which time,
and who is asked next stands in a definition. Whoever holds a link or the address of an own page works in a scope of
that one patient. Facts are made by the phone (answers and calls, under keys of its own), by the worker (messages and
what became of each), by staff (steps of tasks), and by whoever comes in vain (traces). What may never happen: an answer
without its task, a call that is dropped, a message to somebody who did not agree or has died, a word on a lock screen
that says what somebody is treated for, and anything shown back by a link.
"""
