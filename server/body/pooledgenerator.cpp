// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/body/pooledgenerator.h"

#include <algorithm>
#include <deque>
#include <mutex>

namespace spillway::body {

namespace {

constexpr std::size_t mostChunks = 2;
constexpr std::size_t firstChunk = 4U << 10; ///< small, so that it comes soon
constexpr std::size_t chunkSize = 64U << 10;

} // namespace

struct PooledGenerator::Shared
{
    Shared(std::unique_ptr<TextSource> text, BlockingPool& workers, Post poster)
        : source(std::move(text)), pool(workers), post(std::move(poster))
    {
    }

    const std::unique_ptr<TextSource> source; ///< used by the thread that set `working`
    BlockingPool& pool;
    const Post post;

    std::mutex mutex; ///< guards what follows
    std::deque<std::string> chunks;
    std::size_t taken = 0; ///< of the first chunk
    bool working = false;  ///< a task is queued or runs
    bool begun = false;
    bool left = false; ///< nobody pulls any more
    TextSource::State state = TextSource::State::More;
    std::function<void()> wake; ///< made, called and destroyed on the worker's thread
};

PooledGenerator::PooledGenerator(std::unique_ptr<TextSource> source, BlockingPool& pool, Post post,
                                 std::string first)
    : shared_(std::make_shared<Shared>(std::move(source), pool, std::move(post)))
{
    if (!first.empty())
        shared_->chunks.push_back(std::move(first));
}

PooledGenerator::~PooledGenerator()
{
    std::function<void()> wake;
    std::lock_guard lock(shared_->mutex);
    shared_->left = true;
    shared_->chunks.clear();
    wake.swap(shared_->wake);
}

net::Generator::State PooledGenerator::pull(std::string& out, std::size_t budget, std::function<void()> wake)
{
    Shared& shared = *shared_;
    std::lock_guard lock(shared.mutex);
    std::size_t room = std::max<std::size_t>(budget, 1);
    while (room > 0 && !shared.chunks.empty()) {
        const std::string& chunk = shared.chunks.front();
        const std::size_t part = std::min(room, chunk.size() - shared.taken);
        out.append(chunk, shared.taken, part);
        shared.taken += part;
        room -= part;
        if (shared.taken == chunk.size()) {
            shared.chunks.pop_front();
            shared.taken = 0;
        }
    }
    const bool ended = shared.state != TextSource::State::More;
    bool refused = false;
    if (!ended && !shared.working && shared.chunks.size() < mostChunks) {
        shared.working = shared.pool.submit([keep = shared_] { work(keep); });
        refused = !shared.working;
    }
    const bool some = room < std::max<std::size_t>(budget, 1);
    if (some || !shared.chunks.empty())
        return ended && shared.chunks.empty() && shared.state == TextSource::State::Done ? State::Done
                                                                                         : State::More;
    if (ended)
        return shared.state == TextSource::State::Done ? State::Done : State::Failed;
    if (refused)
        return State::Failed;
    shared.wake = std::move(wake);
    return State::Pending;
}

void PooledGenerator::work(const std::shared_ptr<Shared>& shared)
{
    for (;;) {
        std::size_t size = chunkSize;
        {
            std::lock_guard lock(shared->mutex);
            if (shared->left) {
                shared->working = false;
                return;
            }
            if (!shared->begun)
                size = firstChunk;
            shared->begun = true;
        }
        std::string chunk;
        const TextSource::State state = shared->source->produce(chunk, size);
        bool wanted = false;
        bool more = false;
        {
            std::lock_guard lock(shared->mutex);
            if (!chunk.empty() && !shared->left)
                shared->chunks.push_back(std::move(chunk));
            shared->state = state;
            wanted = shared->wake && (!shared->chunks.empty() || state != TextSource::State::More);
            more = state == TextSource::State::More && shared->chunks.size() < mostChunks && !shared->left;
            shared->working = more;
        }
        if (wanted) {
            shared->post([shared] {
                std::function<void()> wake;
                {
                    std::lock_guard lock(shared->mutex);
                    wake.swap(shared->wake);
                }
                if (wake)
                    wake();
            });
        }
        // Others wait for the thread too; where the pool is full, go on here rather than lose the turn.
        if (!more || shared->pool.submit([shared] { work(shared); }))
            return;
    }
}

} // namespace spillway::body
