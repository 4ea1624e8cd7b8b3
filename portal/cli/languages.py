"""The language the terminal's answers are told in: Vietnamese unless another is asked for."""

import click

from portal.languages import LANGUAGES, VIETNAMESE

language_option = click.option(
    "--lang",
    "language",
    type=click.Choice(list(LANGUAGES)),
    default=VIETNAMESE,
    show_default=True,
    help="Ngôn ngữ của câu trả lời.",
)
"""`--lang en` for the commands whose answers outsiders read."""
