"""Simulated monitors: invented people in chairs, told over the protocols that real monitors speak.

They know no database and no session; what they send is training data and says so in every message.
"""
