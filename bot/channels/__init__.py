"""How patients reach the dialogue: the web chat, the terminal, and what the channels share."""
