"""The quality of the data, and what is asked of the site that made them.

What is asked of the data stands in a definition (`definitions/quality`), never here. A check looks at frozen rows, site
by site, and gives two counts: how many are well, of how many. It may never judge a patient or a person of the staff,
repeat a bound that an instrument or a vocabulary of facts holds, or order sites by how they do.
"""
