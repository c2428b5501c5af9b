"""`python -m bot` is the same as `backplan`."""

from bot.cli import main

main()
