"""A process that renders one drawing from stdin to a PNG on stdout, and is ended when it takes too much."""

from __future__ import annotations

import resource
import sys

CPU_SECONDS = 8
MEMORY = 2 << 30  # bytes of address space; fonts and a canvas of 1,024 pixels take a fraction of it
NOT_INSTALLED = 4


def main() -> int:
    """Exit code 0 and a PNG, 1 and a reason, or NOT_INSTALLED without resvg."""
    for what, most in ((resource.RLIMIT_CPU, CPU_SECONDS), (resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(what, (most, most))
    try:
        from resvg_py import svg_to_bytes
    except ImportError:
        return NOT_INSTALLED
    drawing = sys.stdin.buffer.read().decode("utf-8")
    try:
        picture = svg_to_bytes(svg_string=drawing, skip_system_fonts="<text" not in drawing)
    except ValueError as wrong:
        sys.stderr.write(str(wrong))
        return 1
    sys.stdout.buffer.write(bytes(picture))
    return 0


if __name__ == "__main__":
    sys.exit(main())
