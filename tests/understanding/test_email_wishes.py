"""Wishes about reminders by e-mail are heard in many words, and mails about other things are none."""

from __future__ import annotations

import pytest

from bot.understanding.email_wishes import START, STOP, email_wish


@pytest.mark.parametrize(
    "text",
    [
        "stop the e-mails",
        "please stop emailing me",
        "no more emails thanks",
        "Don't e-mail me anymore",
        "dont send me any more emails",
        "i dont want emails",
        "unsubscribe",
        "turn off the email reminders",
        "turn the emails off",
        "delete my email address",
        "can you forget my e mail address",
        "enough with the mails",
    ],
)
def test_no_more_of_them(text: str) -> None:
    assert email_wish(text) == STOP


@pytest.mark.parametrize(
    "text",
    [
        "e-mail me reminders",
        "can you email me when there is a check in",
        "remind me by email please",
        "could i get email reminders",
        "send me an email next time",
        "let me know via e-mail",
        "i want emails again",
        "change my e-mail address",
        "I have a new email",
        "my email address is wrong",
        "i mistyped my email",
    ],
)
def test_reminders_or_another_address(text: str) -> None:
    assert email_wish(text) == START


@pytest.mark.parametrize(
    "text",
    [
        "email me my answers",
        "send it to my email",
        "email me the transcript",
        "Please email me everything that you hold about me.",
        "can you email my records across",
        "how do i change my email password",
        "send an email to sarah",
        "can you email me the plan as a pdf",
        "reading emails at my desk makes it worse",
        "i got an email from my physio",
        "shoot me an email",
        "stop",
        "no more check-ins",
        "remind me tomorrow",
        "the pain stops me from walking a mile",
        "",
    ],
)
def test_other_messages_are_none_of_its_business(text: str) -> None:
    assert email_wish(text) is None
