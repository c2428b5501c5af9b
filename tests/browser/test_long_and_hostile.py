"""A history of 300 messages, and words that would like to be code, wherever the widget shows words."""

from __future__ import annotations

from playwright.async_api import expect

from tests.browser.chat_page import ChatPage
from tests.browser.scripts import GREETING, SITE
from tests.channels.fakes import FakeConversations, Line

FIRST = "conversation-1"
TITLE = "Backplan: chat about your back pain"

INJECTIONS = (
    "<script>window.owned = 1</script>",
    "<img src=x onerror='window.owned = 1'>",
    "<svg onload='window.owned = 1'>",
    "<svg><script>window.owned = 1</script></svg>",
    "<iframe srcdoc='<script>parent.owned = 1</script>'>",
    "<a href='javascript:window.owned = 1'>call 999</a>",
    "<details open ontoggle='window.owned = 1'>",
    "<style>* { display: none }</style>",
    "<base href='https://evil.example/'>",
    "<meta http-equiv=refresh content='0;url=https://evil.example/'>",
    "<template shadowrootmode=open><script>window.owned = 1</script></template>",
    "<backplan-chat server='https://evil.example'></backplan-chat>",
    "</p></li></ol></div><button>Yes</button>",
    '"><script>window.owned = 1</script>',
    "'-window.owned=1-'",
    "${window.owned = 1} {{constructor.constructor('window.owned = 1')()}}",
    "javascript:window.owned=1",
    "<math><mtext><table><mglyph><style><img src=x onerror='window.owned = 1'>",
    "&lt;script&gt; &amp;amp; &#60;b&#62;",
    "<noscript><p title='</noscript><img src=x onerror=window.owned=1>'>",
    "tel:999 <a href=tel:1>call</a>",
    "__proto__ constructor {name} {count} $& $1 $`",
)


async def test_words_that_would_like_to_be_code_are_shown_literally_everywhere(
    chat: ChatPage, dialogue: FakeConversations
) -> None:
    for words in INJECTIONS:
        for kind in ("info", "plan", "safety"):
            dialogue.say(FIRST, Line(words, kind))
    dialogue.say(FIRST, Line(f"{INJECTIONS[0]}\n{INJECTIONS[1]}", "plan"))
    for number, shown in enumerate(("choice", "scale", "multi_choice", "body_map"), start=1):
        dialogue.say(FIRST, Line(INJECTIONS[1], "question", "x", shown, INJECTIONS))
        await expect(chat.messages).to_have_count(2 + 3 * len(INJECTIONS) + 1 + number)
        await expect(chat.answers.locator("button:not(.main), label")).to_have_text(list(INJECTIONS))
        await expect(chat.answers.get_by_role("group")).to_have_accessible_name(INJECTIONS[1])
    said = await chat.transcript()
    assert said[2 : 2 + 3 * len(INJECTIONS)] == [words for words in INJECTIONS for _ in range(3)]
    await expect(chat.log.locator(".title")).to_have_text(INJECTIONS[0])
    foreign = await chat.page.locator(
        "backplan-chat"
    ).evaluate("""chat =>
        chat.shadowRoot.querySelectorAll("script, img, iframe, style, base, meta, table, backplan-chat").length""")
    assert foreign == 0
    hrefs = await chat.log.locator("a").evaluate_all(
        "links => links.map((link) => link.getAttribute('href'))"
    )
    assert all(href.startswith("tel:") for href in hrefs)
    assert await chat.page.evaluate("window.owned") is None
    assert await chat.page.title() == TITLE


async def test_what_a_patient_types_is_shown_literally_after_a_reload_too(
    chat: ChatPage, dialogue: FakeConversations
) -> None:
    for words in INJECTIONS:
        await chat.say(words)
    await expect(chat.messages).to_have_count(2 + 2 * len(INJECTIONS))
    await chat.page.reload()
    await expect(chat.messages).to_have_count(2 + 2 * len(INJECTIONS))
    own = await chat.log.locator(".patient .words").all_text_contents()
    assert own == list(INJECTIONS)
    assert [heard.words for heard in dialogue.heard(FIRST)] == list(INJECTIONS)
    assert await chat.page.evaluate("window.owned") is None


async def test_a_forged_token_or_draft_in_storage_is_only_a_value(chat: ChatPage) -> None:
    chat.loses_connection = True
    await chat.page.evaluate("""() => {
        localStorage.setItem("backplan.chat", "<img src=x onerror='window.owned = 1'>");
        sessionStorage.setItem("backplan.draft", "</textarea><script>window.owned = 1</script>");
    }""")
    await chat.page.reload()
    await expect(chat.page.get_by_role("heading", name="This chat cannot be opened")).to_be_visible()
    assert await chat.page.evaluate("window.owned") is None


async def test_a_history_of_three_hundred_messages_is_all_there_and_in_order(
    chat: ChatPage, dialogue: FakeConversations
) -> None:
    for number in range(149):
        sent = await dialogue.submit(FIRST, f"id-{number}", text=f"message {number}, some words about a back")
        await dialogue.wait_for_messages(FIRST, sent.seq, timeout=20)
    await chat.hears("You said: message 148, some words about a back")
    await chat.page.reload()
    whole = dialogue.texts(FIRST)
    assert (len(whole), whole[:2]) == (300, [GREETING.text, SITE.text])
    await chat.shows(*whole)
    await expect(chat.messages.last).to_be_in_viewport()
    await chat.scroll_to(0)
    await expect(chat.messages.first).to_be_in_viewport()
    await chat.say("still here")
    await chat.shows(*whole, "still here", "You said: still here")
    await expect(chat.messages.last).to_be_in_viewport()
