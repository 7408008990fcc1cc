// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/catalog/index/filehasher.h"
#include "server/catalog/index/indextree.h"

namespace spillway::catalog {

/// Gives checksums to files that have none: first those that changed, then all the rest by id. One chunk a
/// step, and no step before the rate allows it. The indexer's thread only.
class HashWorker
{
public:
    HashWorker(IndexTree& tree, const Clock& clock, const IndexOptions& options)
        : tree_(tree), clock_(clock), options_(options)
    {
    }

    [[nodiscard]] bool busy() const;
    /// When the next step may be; in the past: now.
    [[nodiscard]] Monotonic nextStep() const { return nextStep_; }
    Result<void> step();
    /// The file changed or went: what was read of it is worth nothing.
    void forget(std::int64_t id);

private:
    Result<bool> openNext();
    Result<std::optional<std::int64_t>> nextId();

    IndexTree& tree_;
    const Clock& clock_;
    const IndexOptions& options_;
    std::deque<std::int64_t> fromPass_;
    std::optional<FileHasher> current_;
    std::int64_t currentId_ = 0;
    Monotonic nextStep_;
};

} // namespace spillway::catalog
