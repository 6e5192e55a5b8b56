"""`python -m daybreak` is `daybreak`."""

from daybreak.config.command import main

main()
