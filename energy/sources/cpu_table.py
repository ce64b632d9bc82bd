"""Thermal design power and hardware threads of common CPUs.

Source: the vendors' specification pages (Intel ARK, AMD product specifications):
"TDP" or "Processor Base Power" [W] and "threads". Power of one busy logical CPU is
TDP / threads: with every thread busy a CPU settles near its TDP, so that share is
right for a loaded machine and low for a single busy thread on an idle one.
"""

from __future__ import annotations

from types import MappingProxyType

_TABLE: dict[str, tuple[float, int]] = {
    "amd epyc 7302": (155, 32),
    "amd epyc 7452": (155, 64),
    "amd epyc 7543": (225, 64),
    "amd epyc 7713": (225, 128),
    "amd epyc 7742": (225, 128),
    "amd epyc 7763": (280, 128),
    "amd epyc 9554": (360, 128),
    "amd epyc 9654": (360, 192),
    "amd ryzen 5 3600": (65, 12),
    "amd ryzen 5 5600x": (65, 12),
    "amd ryzen 5 7600x": (105, 12),
    "amd ryzen 7 3700x": (65, 16),
    "amd ryzen 7 5800x": (105, 16),
    "amd ryzen 7 7700x": (105, 16),
    "amd ryzen 9 3900x": (105, 24),
    "amd ryzen 9 3950x": (105, 32),
    "amd ryzen 9 5900x": (105, 24),
    "amd ryzen 9 5950x": (105, 32),
    "amd ryzen 9 7950x": (170, 32),
    "amd ryzen threadripper 3970x": (280, 64),
    "amd ryzen threadripper 3990x": (280, 128),
    "intel core i5-1135g7": (28, 8),
    "intel core i5-8250u": (15, 8),
    "intel core i7-10700k": (125, 16),
    "intel core i7-1165g7": (28, 8),
    "intel core i7-12700k": (125, 20),
    "intel core i7-13700k": (125, 24),
    "intel core i7-8550u": (15, 8),
    "intel core i7-8700k": (95, 12),
    "intel core i7-9750h": (45, 12),
    "intel core i9-12900k": (125, 24),
    "intel core i9-13900k": (125, 32),
    "intel core i9-9900k": (95, 16),
    "intel xeon e5-2680 v4": (120, 28),
    "intel xeon e5-2699 v4": (145, 44),
    "intel xeon gold 6230": (125, 40),
    "intel xeon gold 6248": (150, 40),
    "intel xeon platinum 8280": (205, 56),
    "intel xeon platinum 8358": (250, 64),
    "intel xeon platinum 8380": (270, 80),
    "intel xeon platinum 8480+": (350, 112),
    "intel xeon silver 4214": (85, 24),
}

TDP_AND_THREADS = MappingProxyType(_TABLE)
"""Plain CPU name -> (TDP [W], hardware threads)."""
