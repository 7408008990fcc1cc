// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace spillway {

/// The calling thread gives way to those that serve: it gets the processor by this niceness (setpriority(2),
/// 1 to 19, which Linux keeps for each thread) and the disk when nobody else wants it. Best effort: some
/// containers forbid it.
void giveWay(int niceness);

} // namespace spillway
