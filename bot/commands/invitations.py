"""Commands about whose case it is: invite a patient, or link a case to the clinic's own reference."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.common import console, fail, open_store, read_settings

app = typer.Typer()

_ACTOR = "command line"


@app.command()
def invite(
    reference: Annotated[
        str, typer.Argument(help="What the clinic calls this patient, such as a record number.")
    ],
    days: Annotated[int, typer.Option(min=1, max=90, help="How long the link works.")] = 14,
    telegram: Annotated[
        str | None, typer.Option(help="The bot's name in Telegram, for a link to it too.")
    ] = None,
    picture: Annotated[
        Path | None, typer.Option("--qr", help="Write the link as an SVG picture to scan.")
    ] = None,
) -> None:
    """Print a one-time link; the case that comes by it arrives under the clinic's own reference."""
    from bot.review.invitations import telegram_link, web_link
    from bot.store import ReferenceInvalid

    settings = read_settings()
    with open_store(settings) as store:
        try:
            invitation = store.invite(reference, timedelta(days=days))
        except ReferenceInvalid as error:
            fail(f"This is no reference: {error}.")
        # The reference is the clinic's own and stays out of the log, as every name does.
        store.write_audit(_ACTOR, "invite patient", invitation.conversation)
    link = web_link(settings.public_url or settings.chat_url, invitation.token)
    print(link)
    if telegram is not None:
        print(telegram_link(telegram, invitation.token))
    if picture is not None:
        _draw(link, picture)
    console.print(f"It works once, until {invitation.expires_at:%d %b %Y, %H:%M} UTC.", markup=False)


@app.command()
def link(
    episode: Annotated[str, typer.Argument(help="The id that `backplan episodes` shows, or a case code.")],
    reference: Annotated[
        str | None, typer.Argument(help="The clinic's reference; none takes it away.")
    ] = None,
) -> None:
    """Label a case with the clinic's own reference for the patient."""
    from bot.store import EpisodeUnknown, ReferenceInvalid

    with open_store(read_settings()) as store:
        found = store.episodes_with_code(episode)
        if len(found) > 1:
            fail(f"{episode} is the code of several cases: {', '.join(found)}. Name one of these ids.")
        meant = found[0] if found else episode
        try:
            store.link_reference(meant, reference)
        except EpisodeUnknown:
            fail(f"There is no episode {episode}; `backplan episodes` lists them.")
        except ReferenceInvalid as error:
            fail(f"This is no reference: {error}.")
        store.write_audit(_ACTOR, "link reference" if reference else "unlink reference", meant)
        others = store.cases_of_the_same_person(meant)
    console.print("Linked." if reference else "The reference was taken away.")
    for one in others:
        console.print(f"The same person: {one}", markup=False)


def _draw(link: str, picture: Path) -> None:
    import segno

    try:
        segno.make(link, error="m", micro=False).save(str(picture), kind="svg", scale=6, border=4)
    except OSError as error:
        fail(f"{picture} could not be written ({error.strerror}). Choose another file.")
