"""The universe of named people that all tests share, made by calling actions."""
