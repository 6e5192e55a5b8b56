"""Estimates from anyone's file: read strictly, reduced to sufficient statistics, estimated. No database is needed."""
