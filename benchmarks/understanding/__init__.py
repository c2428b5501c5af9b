"""How well and how fast messages are understood: `python -m benchmarks.understanding --help`."""
