// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/result.h"

#include <cstdint>
#include <string>

namespace spillway::admin {

/// The lines of a file from some place in it to its beginning, the last first, in memory for a block and the
/// line at hand. The descriptor outlives this. Blocks on the disk.
class LinesBackward
{
public:
    /// `end`: where a line ends, behind its '\n'.
    LinesBackward(int fd, std::uint64_t end) : fd_(fd), start_(end) {}

    /// False at the file's beginning. The line is without its '\n'.
    [[nodiscard]] Result<bool> next(std::string& line);
    /// Where the next line ends.
    [[nodiscard]] std::uint64_t position() const { return start_ + pending_.size(); }

private:
    int fd_;
    std::uint64_t start_; ///< of what pending_ holds
    std::string pending_;
};

} // namespace spillway::admin
