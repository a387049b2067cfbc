"""`python -m listener` is `listen`."""

from listener.cli import main

main()
