"""The stations of one patient's way through the house, as people at the clinic and at the centre do them in a
browser.
"""
