"""The clinical core: facts in, reasons out. Pure: no clock, no database, no network, no framework."""
