"""The pages of the queue and of a case, and what each takes."""

from __future__ import annotations

from listener.review import (
    bulk,
    case,
    changes,
    deciding,
    forwarding,
    kept,
    notice,
    outside,
    pictures,
    queue,
    registering,
    waiting,
    why,
)
from listener.review.roles import Right

READ, CHANGE = ("GET",), ("POST",)
CASE_ROUTES = (
    ("/queue", "queue", queue.show, Right.READ, READ),
    ("/queue/together", "bulk", bulk.preview, Right.REVIEW, CHANGE),
    ("/queue/together/decide", "bulk_decide", bulk.carry_out, Right.REVIEW, CHANGE),
    ("/proposals", "proposals", waiting.proposals, Right.READ, READ),
    ("/allowed", "allowed", waiting.allow_list, Right.READ, READ),
    ("/logo/<int:number>", "logo", pictures.logo, Right.READ, READ),
    ("/case/<int:case_id>", "case", case.show, Right.READ, READ),
    ("/case/<int:case_id>/why", "why", why.show, Right.READ, READ),
    ("/case/<int:case_id>/changes", "changes", changes.show, Right.READ, READ),
    ("/case/<int:case_id>/picture/<int:row>", "picture", pictures.picture, Right.READ, READ),
    ("/case/<int:case_id>/outside", "outside", outside.show, Right.READ, READ),
    ("/case/<int:case_id>/evidence", "kept", kept.show, Right.READ, READ),
    ("/case/<int:case_id>/evidence/check", "kept_check", kept.check, Right.REVIEW, CHANGE),
    ("/case/<int:case_id>/evidence.zip", "kept_download", kept.download, Right.REVIEW, READ),
    ("/case/<int:case_id>/decide", "decide", deciding.decide, Right.REVIEW, CHANGE),
    ("/case/<int:case_id>/answer", "answer_proposal", deciding.answer_proposal, Right.REVIEW, CHANGE),
    ("/case/<int:case_id>/undo", "undo", deciding.undo, Right.REVIEW, CHANGE),
    ("/case/<int:case_id>/assign", "assign", deciding.assign, Right.REVIEW, CHANGE),
    ("/case/<int:case_id>/note", "note", case.note, Right.REVIEW, CHANGE),
    ("/case/<int:case_id>/register", "case_register", registering.show, Right.REVIEW, READ),
    ("/case/<int:case_id>/register.csv", "case_register_row", registering.download, Right.REVIEW, READ),
    ("/case/<int:case_id>/register/add", "case_register_add", registering.register_now, Right.REGISTER, CHANGE),
    ("/case/<int:case_id>/notice", "case_notice_form", notice.show, Right.REVIEW, READ),
    ("/case/<int:case_id>/notice", "case_notice", notice.prepare, Right.REVIEW, CHANGE),
    ("/case/<int:case_id>/notice/<int:event>", "case_notice_kept", notice.kept, Right.REVIEW, READ),
    ("/case/<int:case_id>/notice/<int:event>.txt", "case_notice_file", notice.download, Right.REVIEW, READ),
    ("/case/<int:case_id>/forward", "case_forward", forwarding.show, Right.REVIEW, READ),
    ("/case/<int:case_id>/forward/note", "case_forward_note", forwarding.forward, Right.REVIEW, CHANGE),
)
