"""Follow up: what is due from a patient after a session, the answers from the patient's phone, what calls for
someone, how the course stands, and why a line ends.

Each invitation comes from the protocol's schedule or from a person; a secret link lets one patient answer one
questionnaire and shows nothing back. An answer that calls for someone and the task for the clinician are one
transaction: neither exists without the other. A patient's call (an answer that calls, a sharp worsening, “I need help
now”) is a task; who takes it, in which time, and who is asked next stands in a definition. Whoever holds a link or the
address of an own page works in a scope of that one patient.

Facts, and who makes them: invitations (the schedule, or a person), answers and calls (the phone, under keys of its
own), messages and what became of each (the worker), steps of tasks (staff), traces (whoever comes in vain), tries to
reach somebody and ends of observation (the coordinator, with day and source), runs of the short tasks of cognition (a
device whose timing is kept, in the clinic or by link). Outcomes are no facts: the rulebook's one function tells them
each time, for the patient's page, the work list and the advice on the next interval.

What may never happen: a due item asked twice; an answer lost, stored twice, or without its task; a call that is dropped
or falls silent; an old answer carried forward as if it were new; a question or a message to somebody who did not agree
to it, has died, withdrew, moved away or is lost; a word on a lock screen that says what somebody is treated for;
anything shown back by a link; a line that ends without a reason. It may never decide what is given next: it asks treat
for a clinician's decision before the next order, where the advice says so or a long-term check got worse. A task of
cognition is never a gate.
"""
