"""The quality of the data, and what is asked of the site that made them.

What is asked of the data stands in a definition (`definitions/quality`), never here. A check looks at frozen rows, site
by site, and gives two counts: how many are well, of how many. It may never judge a patient or a person of the staff,
repeat a bound that an instrument or a vocabulary of facts holds, or order sites by how they do.

Facts, and who makes them: questions, by a data manager at the centre, about a check and two counts; steps, an answer by
the clinic that made the data (three counts and a word of a closed list), and a close or another question by the centre.
Samples (size, frame, seed), their items and what came of comparing each with its source, by the clinic; which sessions
they are is in a table that no other site sees.

What may never happen: a question names a person or a row; a word that a clinic wrote reaches the register; one clinic
sees another's questions, or rows; an answer is changed instead of asked again.
"""
