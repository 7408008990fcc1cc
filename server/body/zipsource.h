// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/blockingpool.h"
#include "server/base/clock.h"
#include "server/body/preloader.h"
#include "server/body/zipchecksums.h"
#include "server/body/zipplan.h"
#include "server/net/segment.h"

#include <memory>
#include <string>
#include <vector>

namespace spillway::body {

/// What an answer says in one go: some text (a part's head), then these bytes of the archive, if any.
struct ZipStretch
{
    std::string before;
    std::uint64_t first = 0; ///< in the archive
    std::uint64_t length = 0;
};

/// What all archives on a worker are sent with.
struct ZipSending
{
    BlockingPool& files; ///< opens files and reads small ones
    ZipChecksums& checksums;
    Preloader& preloader;
    const Clock& clock;
};

/// An archive, or ranges of it, as segments: a pool opens the next files while the worker sends these.
///
///     pool: open, compare with the plan, read what is small ──► batch (at most two) ──► worker: segments
///              └─ a checksum is not known: of a small file at once, else ZipChecksums, and wait
///
/// Lives on one worker's thread; `sending` and what `post` leads to outlive it. In memory are two batches of
/// at most 256 KiB of text and 16 open files each. A file that is not what the plan says any more fails the
/// source, so that the transfer ends where everybody sees it; so does a full pool.
class ZipSource final : public net::SegmentSource
{
public:
    ZipSource(ZipPlanPtr plan, std::vector<ZipStretch> stretches, const ZipSending& sending, Post post);
    ~ZipSource() override;
    ZipSource(const ZipSource&) = delete;
    ZipSource& operator=(const ZipSource&) = delete;

    [[nodiscard]] State next(std::vector<net::Segment>& out, std::function<void()> wake) override;
    [[nodiscard]] std::uint64_t bytesLeft() const noexcept override { return left_; }

private:
    struct Shared;

    const ZipSending sending_;
    const Post post_;
    const std::shared_ptr<Shared> shared_;
    std::uint64_t left_ = 0;
};

} // namespace spillway::body
