"""The commands of `backplan`, by what they are about."""
