"""What we measure, against what, and how to repeat it: `make bench`."""
