"""What a person would see of a page, and what would shut somebody out: measured in a real browser."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 640}
ENLARGED = {"width": 640, "height": 450}  # what is left of WIDE when everything is twice as large
MOST_MOVED = 0.01  # layout shift, as Chromium counts it
SMALLEST = 24  # pixels a side of what is pressed (WCAG 2.5.8)
GRAVE = ("serious", "critical")
COLOURS = ("color-contrast", "link-in-text-block")  # the rules of axe that another colour scheme can break
# Rows that are looked at in a wide window alone: colours do not change with its width, and axe takes long over them.
FURTHER_ROWS = ["main li:nth-child(n+9)", "main tr:nth-child(n+9)", "article:nth-of-type(n+4)"]

# From the page's first moment on: how far what is seen moved, what its policy refused, what was said aloud.
WATCH = """
window.moved = 0; window.refused = []; window.said = [];
new PerformanceObserver(list => { for (const each of list.getEntries()) window.moved += each.value; })
    .observe({type: "layout-shift", buffered: true});
document.addEventListener("securitypolicyviolation", each =>
    window.refused.push(`${each.effectiveDirective} ${each.blockedURI} ${each.sample}`));
document.addEventListener("DOMContentLoaded", () => {
    const told = document.getElementById("told");
    if (told) new MutationObserver(() => { if (told.textContent.trim()) window.said.push(told.textContent.trim()); })
        .observe(told, {childList: true, characterData: true, subtree: true});
});
"""
# What sticks out of the window or is cut by its own box; a table may scroll in its own region.
CUT = """[...document.querySelectorAll("body *")].filter(each => {
    const box = each.getBoundingClientRect();
    if (!box.width || each.closest(".unseen, .skip, [role=region][tabindex='0']")) return false;
    const scrolls = each.matches("input, select, textarea, svg, svg *");
    const hides = getComputedStyle(each).overflowX !== "visible" && !scrolls;
    return box.right > innerWidth + 1 || box.left < -1 || (hides && each.scrollWidth > each.clientWidth + 1);
}).map(each => "cut off: " + each.outerHTML.slice(0, 120))
.concat(document.documentElement.scrollWidth > innerWidth ? ["scrolls sideways"] : [])"""
# What is pressed and too small for it; a link in a sentence is as high as its line, and a label is part of its box.
SMALL = """least => [...document.querySelectorAll("a[href], button, input, select, textarea, summary")].filter(each => {
    const part = each.matches("[type=radio], [type=checkbox]") && each.closest("label") || each;
    const box = part.getBoundingClientRect();
    if (!box.width || each.closest(".skip, .unseen") || getComputedStyle(each).visibility === "hidden") return false;
    const round = each.parentElement.textContent.trim().length > each.textContent.trim().length;
    if (each.tagName === "A" && getComputedStyle(each).display === "inline" && round) return false;
    return box.height < least - 0.1 || box.width < least - 0.1;
}).map(each => "small: " + each.outerHTML.slice(0, 120))"""
# What the keyboard can reach and does not show that it is there; asked after a key was pressed.
UNMARKED = """[...document.querySelectorAll("a[href], button, input, select, textarea, summary")].filter(each => {
    each.focus({preventScroll: true});
    if (document.activeElement !== each) return false;
    return ![each, each.closest("label")].filter(Boolean).map(part => getComputedStyle(part))
        .some(style => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2);
}).map(each => "unmarked: " + each.outerHTML.slice(0, 120))"""
# What moves although the person has asked for rest.
RESTLESS = """[...document.querySelectorAll("*")].filter(each => {
    const style = getComputedStyle(each);
    return style.animationName !== "none" || style.transitionDuration.split(",").some(parseFloat)
        || style.scrollBehavior === "smooth";
}).map(each => "restless: " + each.outerHTML.slice(0, 120))"""
LEVELS = "all => all.filter(each => each.getClientRects().length).map(each => Number(each.tagName[1]))"
AXE = """([place, options]) => axe.run(place, options).then(told => told.violations.map(each =>
    [each.impact, `axe ${each.id}: ${each.nodes[0].html.slice(0, 200)}`]))"""


def grave(page: Any) -> list[str]:
    """What axe calls serious or critical, colours left out."""
    rules = {"target-size": {"enabled": True}, **{name: {"enabled": False} for name in COLOURS}}
    told = page.evaluate(AXE, [{"exclude": []}, {"resultTypes": ["violations"], "rules": rules}])
    return [words for impact, words in told if impact in GRAVE]


def pale(page: Any, scheme: str, rows: bool) -> list[str]:
    """What axe finds hard to read in this colour scheme; of long lists every row with `rows`, else the first."""
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    options = {"resultTypes": ["violations"], "runOnly": {"type": "rule", "values": list(COLOURS)}}
    left_out = [] if rows else [[each] for each in FURTHER_ROWS]
    told = page.evaluate(AXE, [{"exclude": left_out}, options])
    return [f"{scheme}: {words}" for impact, words in told if impact in GRAVE]


def moved(page: Any) -> list[str]:
    """Whether what is seen moved since the page was asked for."""
    far = page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(() => done(window.moved))))")
    return [f"moves while it is read: {far:.3f}"] if far >= MOST_MOVED else []


def layout(page: Any) -> list[str]:
    """What is cut off, and what is too small to be pressed."""
    return [*page.evaluate(CUT), *page.evaluate(SMALL, SMALLEST)]


def headings(page: Any) -> list[str]:
    """Whether the headings begin with the only h1 and leave no level out."""
    levels = page.eval_on_selector_all("h1, h2, h3, h4", LEVELS)
    fine = (
        levels[:1] == [1] and levels.count(1) == 1 and all(later - earlier <= 1 for earlier, later in pairwise(levels))
    )
    return [] if fine else [f"headings {levels}"]


def with_axe(page: Any) -> None:
    """Let the page be looked at by axe, which comes with the tests of real browsers alone."""
    from axe_playwright_python.base import AXE_SCRIPT

    page.evaluate(AXE_SCRIPT)


def looked_at(page: Any) -> list[str]:
    """All that is wrong with the page that is open: at both widths, light and dark, enlarged, by keyboard, at rest."""
    told = headings(page)
    with_axe(page)
    for size in (WIDE, NARROW, ENLARGED):
        page.set_viewport_size(size)
        schemes = ("light",) if size is ENLARGED else ("light", "dark")
        colours = [each for scheme in schemes for each in pale(page, scheme, rows=size is WIDE)]
        found = [*grave(page), *layout(page), *colours]
        told += [f"{size['width']}: {each}" for each in found]
    page.set_viewport_size(WIDE)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    told += [f"large letters: {each}" for each in page.evaluate(CUT)]
    page.evaluate("document.documentElement.style.fontSize = ''")
    page.keyboard.press("Tab")
    return [*told, *page.evaluate(UNMARKED), *page.evaluate(RESTLESS), *page.evaluate("window.refused")]
