"""The pages beside queue and case, each with what it takes to be asked for."""

from __future__ import annotations

from collections.abc import Callable

from werkzeug.wrappers import Response

from listener.review import crisis, mention, mentions, patterns, registry, reports, runs, sources, steps, trail
from listener.review.roles import Right

View = Callable[..., str | Response | tuple[str, int]]
PAGES: tuple[tuple[str, str, View, Right, tuple[str, ...]], ...] = (
    ("/mentions", "mentions", mentions.show, Right.READ, ("GET",)),
    ("/mentions.csv", "mentions_csv", mentions.export_csv, Right.REVIEW, ("GET",)),
    ("/mention/<int:mention_id>", "mention", mention.show, Right.READ, ("GET",)),
    ("/mention/<int:mention_id>/clear", "mention_clear", mention.in_clear, Right.REVIEW, ("POST",)),
    ("/mention/<int:mention_id>/unmask", "mention_unmask", mention.answer_unmasking, Right.DECIDE, ("POST",)),
    ("/mention/<int:mention_id>/step", "mention_step", steps.take_step, Right.REVIEW, ("POST",)),
    ("/mention/<int:mention_id>/back", "mention_back", steps.step_back, Right.REVIEW, ("POST",)),
    ("/patterns", "patterns", patterns.show, Right.READ, ("GET",)),
    ("/pattern/<int:pattern_id>", "pattern", patterns.pattern, Right.READ, ("GET",)),
    ("/pattern/<int:pattern_id>/rule", "pattern_rule", patterns.rule, Right.DECIDE, ("POST",)),
    ("/registry", "registry", registry.show, Right.READ, ("GET",)),
    ("/registry/account", "registered", registry.account, Right.READ, ("GET",)),
    ("/reports", "reports", reports.show, Right.READ, ("GET",)),
    ("/reports/<name>", "report_file", reports.filed, Right.READ, ("GET",)),
    ("/sources", "sources", sources.show, Right.READ, ("GET",)),
    ("/runs", "runs", runs.show, Right.READ, ("GET",)),
    ("/run/<int:run_id>", "run", runs.one, Right.READ, ("GET",)),
    ("/trail", "trail", trail.show, Right.READ, ("GET",)),
    ("/trail/check", "trail_check", trail.check, Right.READ, ("POST",)),
    ("/trail/readings", "readings", trail.readings, Right.OPERATE, ("GET",)),
    ("/crisis", "crisis", crisis.show, Right.READ, ("GET",)),
    ("/crisis/picture", "crisis_picture", crisis.picture, Right.REVIEW, ("POST",)),
)
