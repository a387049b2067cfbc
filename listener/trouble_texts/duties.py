"""What is wanting in the duties that listening rests on."""

from __future__ import annotations

from listener.language import N_

TEMPLATES = (
    N_('{path}: [listening] dpia_ref: name the assessment of that day, dpia_ref = "KS 2026/123"'),
    N_("{path}: [listening] dpia_on: write the day of the assessment, dpia_on = 2026-11-01"),
    N_("{path}: [listening] dpia_on: {name} is still to come: write the day it was decided"),
    N_(
        "{path}: [listening] dpia_ref: name the impact assessment (GDPR article 35) before listening without end, "
        'dpia_ref = "KS 2026/123" and dpia_on = 2026-11-01; `listen config dpia` writes a draft of one; '
        "`listen --query` asks without"
    ),
    N_(
        "{path}: [listening] dpia_ref: the saved queries are asked without an impact assessment (GDPR article 35): "
        "`listen config dpia` writes a draft of one"
    ),
    N_("write a day, {key} = 2026-11-01"),
)
