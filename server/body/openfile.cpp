// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/body/openfile.h"

#include <algorithm>

namespace spillway::body {

namespace {

constexpr std::uint64_t hotWindow = 4U << 20;
constexpr std::uint64_t firstAhead = 1U << 20;
constexpr std::uint64_t mostAhead = 8U << 20;
constexpr std::size_t mostStreams = 16;
constexpr std::size_t mostMarks = 64;
/// A small file that was in memory is taken to be there for this long: asking costs 1.5 µs of a 7 µs request.
constexpr auto hotFor = std::chrono::milliseconds(200);
/// A mark that no transfer took (it ended) does not stand for the page cache much later.
constexpr auto markFor = std::chrono::seconds(5);

} // namespace

OpenFile::OpenFile(OpenedPath opened, Preloader& preloader, Post post, const Clock& clock,
                   ResidencyQuestion ask)
    : file_(std::make_shared<const UniqueFd>(std::move(opened.fd))), facts_(opened.facts),
      nameHash_(opened.nameHash), entityTag_(body::entityTag(facts_)), preloader_(preloader),
      post_(std::move(post)), clock_(clock), ask_(ask)
{
}

OpenFile::~OpenFile()
{
    for (const Stream& stream : streams_)
        preloader_.giveAhead(stream.held);
}

net::FileSource::Window OpenFile::prepare(std::uint64_t offset, std::uint64_t length,
                                          std::function<void()> wake)
{
    if (!stillSame())
        return {net::WindowState::Changed, 0};
    if (length == 0)
        return {net::WindowState::Ready, 0};
    if (offset >= facts_.size)
        return {net::WindowState::Failed, 0};
    const std::uint64_t end = offset + std::min(length, facts_.size - offset); // of the reader's whole range
    length = std::min(end - offset, hotWindow);

    const std::uint64_t block = offset / preloader_.blockSize();
    const Mark mark = takeMark(block);
    std::uint64_t ready = hotPrefix(offset, length);
    if (ready == 0 && mark == Mark::Unreadable)
        return {net::WindowState::Failed, 0};
    if (ready == 0 && mark == Mark::Readable)
        ready = std::min(length, (block + 1) * preloader_.blockSize() - offset);
    if (ready == 0) {
        waitFor(offset, end, std::move(wake));
        return {net::WindowState::Pending, 0};
    }
    if (Stream* stream = streamAt(offset)) {
        stream->next = offset + ready;
        stream->end = std::max(stream->end, end);
        stream->waited = false;
        loadAhead(*stream);
    }
    return {net::WindowState::Ready, ready};
}

bool OpenFile::stillSame()
{
    struct stat status
    {
    };
    if (::fstat(file_->get(), &status) != 0)
        return false;
    const FileFacts now = factsOf(status);
    switch (compareFacts(facts_, now, [this] { return currentNameHash(file_->get()) != nameHash_; })) {
    case Identity::Same:
        return true;
    case Identity::Renamed:
        facts_ = now;
        nameHash_ = currentNameHash(file_->get());
        return true;
    case Identity::Changed:
        return false;
    }
    return false;
}

/// How much of [offset, offset + length) from its beginning is in memory: all, up to the end of its block, or
/// 0.
std::uint64_t OpenFile::hotPrefix(std::uint64_t offset, std::uint64_t length)
{
    const bool whole = offset == 0 && length == facts_.size;
    if (wholeHotUntil_ != Monotonic{} && clock_.monotonic() < wholeHotUntil_)
        return length;
    const Residency all = ask_(file_->get(), offset, length);
    if (all == Residency::Resident) {
        if (whole)
            wholeHotUntil_ = clock_.monotonic() + hotFor;
        return length;
    }
    const std::uint64_t toBlockEnd = preloader_.blockSize() - offset % preloader_.blockSize();
    if (all == Residency::Absent && toBlockEnd < length &&
        ask_(file_->get(), offset, toBlockEnd) == Residency::Resident)
        return toBlockEnd;
    return 0;
}

OpenFile::Mark OpenFile::takeMark(std::uint64_t block)
{
    if (loaded_.empty())
        return Mark::None;
    const Monotonic now = clock_.monotonic();
    std::erase_if(loaded_, [now](const Loaded& mark) { return now - mark.at >= markFor; });
    const auto found = std::find_if(loaded_.begin(), loaded_.end(),
                                    [block](const Loaded& mark) { return mark.block == block; });
    if (found == loaded_.end())
        return Mark::None;
    const Mark mark = found->readable ? Mark::Readable : Mark::Unreadable;
    if (--found->uses == 0)
        loaded_.erase(found);
    return mark;
}

Preloader::Block OpenFile::keyOf(std::uint64_t block) const
{
    return {facts_.device, facts_.inode, block};
}

OpenFile::Stream* OpenFile::streamAt(std::uint64_t offset)
{
    const auto found = std::find_if(streams_.begin(), streams_.end(),
                                    [offset](const Stream& stream) { return stream.next == offset; });
    if (found == streams_.end())
        return nullptr;
    std::rotate(found, found + 1, streams_.end()); // the most recently used goes last
    return &streams_.back();
}

void OpenFile::waitFor(std::uint64_t offset, std::uint64_t end, std::function<void()> wake)
{
    const std::uint64_t block = offset / preloader_.blockSize();
    auto waiting = std::find_if(waiting_.begin(), waiting_.end(),
                                [block](const Waiting& entry) { return entry.block == block; });
    if (waiting == waiting_.end())
        waiting = waiting_.insert(waiting_.end(), Waiting{block, false, {}});
    waiting->wakes.push_back(std::move(wake));
    if (waiting->wakes.size() == 1)
        request(*waiting);

    Stream* stream = streamAt(offset);
    if (stream == nullptr) {
        if (streams_.size() == mostStreams) {
            preloader_.giveAhead(streams_.front().held);
            streams_.erase(streams_.begin());
        }
        stream = &streams_.emplace_back(Stream{offset, end, 0, firstAhead, 0, true});
    } else if (!stream->waited) {
        stream->ahead = std::min(stream->ahead * 2, mostAhead);
        stream->waited = true;
    }
    loadAhead(*stream);
}

void OpenFile::request(Waiting& waiting)
{
    // The pool's thread holds no reference to this: the last one must go on the worker's thread.
    const std::weak_ptr<OpenFile> weak = weak_from_this();
    const std::uint64_t block = waiting.block;
    waiting.asked = preloader_.load(
        keyOf(block), file_,
        [weak, block, post = post_](bool readable) {
            post([weak, block, readable] {
                if (const auto self = weak.lock())
                    self->blockLoaded(block, readable);
            });
        },
        [weak, post = post_] {
            post([weak] {
                if (const auto self = weak.lock())
                    self->retryWaiting();
            });
        });
}

void OpenFile::blockLoaded(std::uint64_t block, bool readable)
{
    const auto found = std::find_if(waiting_.begin(), waiting_.end(),
                                    [block](const Waiting& entry) { return entry.block == block; });
    if (found == waiting_.end())
        return;
    const std::vector<std::function<void()>> wakes = std::move(found->wakes);
    waiting_.erase(found);
    if (loaded_.size() == mostMarks)
        loaded_.erase(loaded_.begin());
    loaded_.push_back(Loaded{block, wakes.size(), readable, clock_.monotonic()});
    for (const auto& wake : wakes)
        wake(); // may call prepare, and may let go of this file: the caller holds it
}

void OpenFile::retryWaiting()
{
    for (Waiting& entry : waiting_)
        if (!entry.asked)
            request(entry);
}

/// Asks for the blocks between what was asked for and `ahead` bytes from where the reader is.
void OpenFile::loadAhead(Stream& stream)
{
    const std::uint64_t size = preloader_.blockSize();
    const std::uint64_t current =
        (stream.next / size + 1) * size; // the reader's own block is asked for by itself
    const std::uint64_t end = std::min(current + stream.ahead, stream.end);
    stream.issued = std::max(stream.issued, current);
    hold(stream);
    while (stream.issued < end) {
        const std::uint64_t length = std::min(size, facts_.size - stream.issued);
        if (ask_(file_->get(), stream.issued, length) != Residency::Resident) {
            if (!preloader_.takeAhead(size))
                return;
            stream.held += size;
            if (!preloader_.loadAhead(keyOf(stream.issued / size), file_)) {
                hold(stream);
                return;
            }
        }
        stream.issued += size;
    }
}

/// Keeps no more of the budget than lies ahead of the reader.
void OpenFile::hold(Stream& stream)
{
    const std::uint64_t size = preloader_.blockSize();
    const std::uint64_t current = (stream.next / size + 1) * size;
    const std::uint64_t most = stream.issued > current ? stream.issued - current : 0;
    if (stream.held > most) {
        preloader_.giveAhead(stream.held - most);
        stream.held = most;
    }
}

} // namespace spillway::body
