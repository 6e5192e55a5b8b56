"""What every room may lean on: keys, moments, scope, units, words. Pure and small.

The kernel touches no database, no request and no clock but the one in `moments`. It may never grow past 1,000 lines.
"""
