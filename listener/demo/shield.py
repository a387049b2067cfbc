"""The coat of arms of Almby, drawn in code: an elm above three waves."""

from __future__ import annotations

FIELD, TREE, WATER = "#1f5f3f", "#f2c230", "#2f6fb3"


def shield_svg() -> str:
    """The shield as an SVG text of 200 by 240 units."""
    waves = "".join(
        f'<path d="M20 {y} q20 -12 40 0 t40 0 t40 0 t40 0" fill="none" stroke="{WATER}" stroke-width="9"/>'
        for y in (158, 178, 198)
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 240" role="img">'
        "<title>Almby kommuns vapen</title>"
        '<clipPath id="skold"><path d="M10 10 h180 v110 q0 80 -90 112 q-90 -32 -90 -112 z"/></clipPath>'
        f'<g clip-path="url(#skold)"><rect width="200" height="240" fill="{FIELD}"/>'
        f'<circle cx="100" cy="70" r="42" fill="{TREE}"/>'
        f'<rect x="93" y="100" width="14" height="44" fill="{TREE}"/>{waves}</g></svg>'
    )
