"""Pages of the mnemonics, letter by letter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .page import Citations, Column, Gap, Heading, Items, Page, Paragraph, Span, Table, line

if TYPE_CHECKING:
    from calcref.knowledge import KnowledgeBase
    from calcref.model import Mnemonic


def page_of(knowledge: KnowledgeBase, mnemonic: Mnemonic) -> Page:
    """Return the page of a mnemonic: what each letter stands for, and the conditions that it points at."""
    cite = Citations(knowledge)
    page = Page([
        Heading(line(Span(mnemonic.word, "title"), ": ", mnemonic.helps_with, *([cite.mark(mnemonic.sources)] if mnemonic.sources else [])), 1),
    ])  # fmt: skip
    rows = [
        (
            line(Span(letter.letter, "name")),
            line(letter.stands_for, cite.mark(letter.sources), *([Span(f" {letter.text}", "dim")] if letter.text else [])),
            line(", ".join(letter.points_at)),
        )
        for letter in mnemonic.letters
    ]
    page.add(Table((Column(""), Column("stands for", flexible=True), Column("think of", flexible=True)), rows))
    if mnemonic.notes:
        page.add(Gap(), Items([cite.note(note) for note in mnemonic.notes]))
    page.add(Gap(), *cite.foot(short=True))
    page.add(Paragraph(line(Span("Each of them: calcref show NAME", "dim"))))
    return page
