"""What this is for and what not, how it ranks, how well it did, and what it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from calcref import __version__
from calcref.curation.founding import report
from calcref.differential.evaluation import proportion

from .page import Facts, Foot, Items, Page, Paragraph, Span, line, say
from .payload import envelope, plain

if TYPE_CHECKING:
    from calcref.knowledge.base import KnowledgeBase

METHOD = (
    "Every cause starts from the published share of its type and from how common it is within the type.",
    "Each thing entered multiplies its odds by a likelihood ratio: how often that is met with the cause, over how often it is met "
    "anyway (Bayes); findings that tell one story are damped. The words of a sentence count too, by how much more often one cause "
    "is described with them than the others.",
    "Three numbers, a temperature, how much a description mentions and how much its words count, were fitted on published cases, so that "
    "a stated probability comes near to how often it is right.",
)
SCORES = ("top_1", "top_3", "type_top_1")


def figures(knowledge: KnowledgeBase) -> dict[str, Any]:
    """Return what rests on no source, with the whole of which it is a part."""
    found = report(knowledge)
    return {
        "links": found["links"], "links_without_source": found["links"] - found["links_sourced"],
        "statements": found["statements"], "statements_without_source": found["statements"] - found["statements_sourced"],
        "judged_shares": found["estimates"],
    }  # fmt: skip


def payload(knowledge: KnowledgeBase) -> dict[str, Any]:
    """Return it all for programs; every proportion has its count and its 95 % interval."""
    about = knowledge.about
    return envelope(knowledge, "about") | {
        "program": __version__,
        "intended_use": about.intended_use,
        "purpose": plain(about.purpose),
        "method": list(METHOD),
        "evaluation": [
            {"what": trial.what, "command": trial.command, "cases": trial.cases}
            | {score: proportion(getattr(trial, score), trial.cases) for score in SCORES}
            for trial in about.evaluation
        ],
        "weaknesses": list(about.weaknesses),
        "unsourced": figures(knowledge),
    }  # fmt: skip


def page_of(knowledge: KnowledgeBase) -> Page:
    """Return the page."""
    about, unsourced = knowledge.about, figures(knowledge)
    page = Page([Facts([
        ("For", about.intended_use), *(("Why", say(purpose)) for purpose in about.purpose),
        ("Method", " ".join(METHOD)),
        ("Knowledge", f"{about.name} {about.version} of {about.date}, SHA-256 {knowledge.sha256}; calcref {__version__}"),
        *(("Layer", f"{layer.path}, SHA-256 {layer.sha256}") for layer in knowledge.layers),
    ])])  # fmt: skip
    trials = [
        line(
            f"{trial.what}: of {trial.cases} cases first {_range(trial.top_1, trial.cases)}, "
            f"in the first three {_range(trial.top_3, trial.cases)}, the right type {_range(trial.type_top_1, trial.cases)}. ",
            Span(trial.command, "name"),
        ) for trial in about.evaluation
    ]  # fmt: skip
    for title, items in (("How often right, with 95 % intervals", trials), ("Known weaknesses", about.weaknesses)):
        page.section(title, *([Items(items)] if items else []))
    page.section("Without a source", Paragraph(
        f"{_part(unsourced, 'links')} from finding to cause, {_part(unsourced, 'statements')}; all "
        f"{unsourced['judged_shares']} judged shares, which are shown as estimates. Each is marked where it stands."
    ))  # fmt: skip
    page.section("Sources", Foot(knowledge.sources, short=True))
    return page


def _range(hits: int, of: int) -> str:
    low, high = proportion(hits, of)["interval"]
    return f"{hits / of:.0%} ({low:.0%} to {high:.0%})"


def _part(unsourced: dict[str, int], what: str) -> str:
    part, whole = unsourced[f"{what}_without_source"], unsourced[what]
    return f"{part} of {whole} {what} ({part / max(whole, 1):.0%})"
