"""Follow up: what is due from a patient after a session, the answers from the patient's phone, and what calls
for someone.

Each invitation comes from the protocol's schedule or from a person; a secret link lets one patient answer one
questionnaire and shows nothing back. An answer that calls for someone and the task for the clinician are one
transaction: neither exists without the other. It computes response, remission and relapse through the
rulebook for everyone who shows them. It may never decide what is given next.
"""
