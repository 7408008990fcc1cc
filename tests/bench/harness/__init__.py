# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts of run.py: servers (who), load and rows (what), figures (floors and goals), report (how it is written)."""
