"""Words for passing water, without "week" and without a Scot's "wee one"."""

PEE = r"pee\w*|wee(?:s|d|ing|wee)?\b(?! (?:one|bit|while|lad|lass|boy|girl|bairn|man)\b)"
