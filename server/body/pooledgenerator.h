// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/blockingpool.h"
#include "server/body/preloader.h"
#include "server/net/segment.h"

#include <functional>
#include <memory>
#include <string>

namespace spillway::body {

/// A text made piece by piece by calls that may block. Used by one pool thread at a time, not always the
/// same.
class TextSource
{
public:
    virtual ~TextSource() = default;
    enum class State : std::uint8_t
    {
        More,
        Done,
        Failed
    };
    /// Appends about `budget` bytes to `out`; Done may come with the last of them.
    [[nodiscard]] virtual State produce(std::string& out, std::size_t budget) = 0;
};

/// A generator body whose text a pool makes while the worker sends:
///
///     pool thread: source.produce ──→ chunks (at most 2 of 64 KiB) ──→ worker: pull
///
/// Lives on one worker's thread; `pool` and what `post` leads to outlive every pull. Memory is flat: a reader
/// that stops stops the source after two chunks, and one that leaves after the chunk at hand. `first` goes
/// out at once, before the pool was asked. Failed: the source failed, or the pool was full when there was
/// nothing left to send (counted by the pool); bytes made before that are still handed out.
class PooledGenerator : public net::Generator
{
public:
    PooledGenerator(std::unique_ptr<TextSource> source, BlockingPool& pool, Post post, std::string first);
    ~PooledGenerator() override;
    PooledGenerator(const PooledGenerator&) = delete;
    PooledGenerator& operator=(const PooledGenerator&) = delete;

    [[nodiscard]] State pull(std::string& out, std::size_t budget, std::function<void()> wake) override;

private:
    struct Shared;
    static void work(const std::shared_ptr<Shared>& shared);

    std::shared_ptr<Shared> shared_;
};

} // namespace spillway::body
