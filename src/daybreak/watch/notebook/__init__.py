"""An analyst's first hour with a data set: a notebook of this register, and what it calls. No database, no house."""
