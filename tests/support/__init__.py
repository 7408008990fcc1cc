# SPDX-License-Identifier: GPL-3.0-or-later
"""What the end-to-end tests and the benchmarks share: child processes, a running Spillway, numbers from /proc.

Use it with the folder `tests` on the path:  sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
"""
