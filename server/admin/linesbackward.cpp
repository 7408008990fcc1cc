// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/admin/linesbackward.h"

#include "server/admin/auditfiles.h"
#include "server/config/files.h"

#include <algorithm>

namespace spillway::admin {

namespace {

constexpr std::uint64_t kBlock = 256 << 10;

} // namespace

Result<bool> LinesBackward::next(std::string& line)
{
    for (;;) {
        // pending_ ends with the '\n' of the line that is wanted.
        const std::size_t before =
            pending_.size() < 2 ? std::string::npos : pending_.rfind('\n', pending_.size() - 2);
        if (before != std::string::npos || (start_ == 0 && !pending_.empty())) {
            const std::size_t from = before == std::string::npos ? 0 : before + 1;
            line.assign(pending_, from, pending_.size() - from - 1);
            pending_.resize(from);
            return true;
        }
        if (start_ == 0)
            return false;
        const std::uint64_t size = std::min(start_, kBlock);
        start_ -= size;
        auto block = config::readAt(fd_, start_, static_cast<std::size_t>(size), "the log");
        if (!block)
            return fail(block.error());
        pending_.insert(0, *block);
    }
}

} // namespace spillway::admin
