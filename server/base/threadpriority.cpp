// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/base/threadpriority.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace spillway {

void giveWay(int niceness)
{
    constexpr int thisThread = 1, idleClass = 3 << 13; // linux/ioprio.h, which is no C++ in some versions
    (void)::syscall(SYS_ioprio_set, thisThread, 0, idleClass);
    (void)::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), niceness);
}

} // namespace spillway
