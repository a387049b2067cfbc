"""What goes wrong with pictures and drawings."""

from __future__ import annotations

from listener.language import N_

TEMPLATES = (
    N_("comparing pictures needs more parts: pip install 'listener[logos]'"),
    N_("a process that compared pictures was killed: run again with --jobs 1"),
    N_("{path}: empty, no picture"),
    N_("{path}: {what}: name an existing picture"),
    N_("{path}: more than {count} pixels; not opened"),
    N_("{path}: {pages} × {faults} pixels are too many; at most {count} are opened"),
    N_("{path}: a JPEG of more than {count} scans; not opened"),
    N_("{path}: no picture we can read: PNG, JPEG, WebP, GIF, BMP or SVG"),
    N_("{path}: a broken picture ({what})"),
    N_("{path}: a broken drawing ({what})"),
    N_("{path}: a drawing that takes more than {count} seconds; not opened"),
    N_("{path}: a drawing that cannot be rendered ({what})"),
    N_("{path}: a drawing of more than {count} elements; not opened"),
    N_("{path}: a drawing of more than {count} bytes; not opened"),
    N_("{path}: a drawing that defines entities; save it as plain SVG"),
)
