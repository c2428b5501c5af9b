"""Everything that the Telegram channel says by itself, and what its commands mean to the dialogue."""

from __future__ import annotations

PRIVACY_KEY = "telegram_privacy"
MOVED_KEY = "telegram_moved"

_PRIVACY = (
    "One thing first: chats with a bot on Telegram are not end-to-end encrypted. "
    "Telegram could read what you write here. {instead}"
)
_WEB_CHAT = "If you do not want that, use our own web chat: {address}"
_ASK_FOR_WEB_CHAT = "If you do not want that, ask your clinic for the web chat."

_MOVED = "Your chat goes on here. Your answers so far came with you. {privacy}"

LINK_OVER = (
    "This link has been used, or it is too old. Open the web chat and ask for a new one. "
    "You can also just start here."
)
CHAT_IN_USE = (
    "You have answers in this chat already, so I cannot bring in the others. "
    "Please go on here, or in the web chat."
)
NO_FILES = "Thank you, but I can only read text. Please tell me in your own words, or tap an answer."
NO_VOICE = "Sorry, I cannot listen to voice messages. Please type it in your own words."
NO_PLACE = "I do not need to know where you are, so I have not kept that. Please type, or tap an answer."
NO_CONTACT = "I do not need a phone number, so I have not kept that. Please type, or tap an answer."
PRIVATE_ONLY = (
    "Health talk is private, so I do not work in groups or channels. "
    "Please write to me in a chat of our own. I leave this one now."
)
WHICH_ANSWER = (
    "I saw that you changed an older message. I cannot tell which answer that is for. "
    'Please write it out, such as "my pain is 4".'
)
NO_DOCUMENT = (
    "Sorry, I could not make the document just now. Please ask for it again a little later, "
    "or ask your clinic for it."
)
BUTTON_OVER = "This button does not work any more. Please type your answer."
TICK_FIRST = "Tick at least one answer first."
DONE = "Done"
#: The name of the patient's document; it may stand on a locked screen.
FILE_NAME = "my-plan.pdf"
#: The name of the file with all of the patient's data.
COPY_NAME = "my-data.json"

#: What a command means, in words that a patient could have typed.
WORDS = {
    "plan": "what is my plan?",
    "noted": "what have you noted?",
    "checkin": "check in now",
    "pdf": "send me my plan as a pdf",
    "pause": "pause",
    "stop": "stop",
    "help": "help",
    "person": "talk to a person",
    "export": "export my data",
    "delete": "delete my data",
}
#: `/start` in a chat that is open already.
GREETING = "hello"

#: The menu of the chat, in the order in which it is shown.
MENU = (
    ("plan", "Show my draft plan"),
    ("pdf", "Get my plan as a PDF"),
    ("noted", "What have you noted?"),
    ("checkin", "Tell me how it goes"),
    ("pause", "Take a break"),
    ("person", "Talk to a person"),
    ("export", "Get a copy of my data"),
    ("delete", "Delete my data"),
    ("help", "How this works"),
)


def privacy(web_chat: str | None) -> str:
    """The first message of every chat."""
    instead = _WEB_CHAT.format(address=web_chat) if web_chat else _ASK_FOR_WEB_CHAT
    return _PRIVACY.format(instead=instead)


def moved(web_chat: str | None) -> str:
    """The first message after a move from the web chat."""
    return _MOVED.format(privacy=privacy(web_chat))


def correction(text: str) -> str:
    """An edited message as the patient would have said it in a chat where nothing can be edited."""
    return f"Sorry, I meant: {text}"
