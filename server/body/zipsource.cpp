// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/body/zipsource.h"

#include "server/body/openfile.h"

#include <algorithm>
#include <cerrno>
#include <deque>
#include <mutex>
#include <unistd.h>

namespace spillway::body {

namespace {

constexpr std::size_t kMostText = 256U << 10;
constexpr std::size_t kFirstText = 16U << 10; ///< small, so that it comes soon
constexpr std::size_t kMostFiles = 16;
constexpr std::uint64_t kEnoughBytes = 4U << 20; ///< of files: the next batch is made while these go out
constexpr auto kLongEnough = std::chrono::milliseconds(50);
/// Up to here a copy costs less than a descriptor and a sendfile of its own.
constexpr std::uint64_t kCopied = 16U << 10;
/// Up to here a checksum is computed where it is found missing.
constexpr std::uint64_t kSummedAtOnce = 1U << 20;

/// Text, or a part of an open file.
struct Item
{
    std::string text;
    std::optional<OpenedPath> file;
    std::uint64_t offset = 0, length = 0;
};

/// What is made in one go.
struct Batch
{
    std::deque<Item> items;
    std::size_t textBytes = 0, files = 0;
    std::uint64_t fileBytes = 0;

    void addText(std::string_view text)
    {
        if (items.empty() || items.back().file)
            items.emplace_back();
        items.back().text += text;
        textBytes += text.size();
    }
    void addFile(OpenedPath file, std::uint64_t offset, std::uint64_t length)
    {
        items.push_back({{}, std::move(file), offset, length});
        ++files;
        fileBytes += length;
    }
    [[nodiscard]] bool isEnough(std::size_t mostText) const
    {
        return textBytes >= mostText || files >= kMostFiles || fileBytes >= kEnoughBytes;
    }
};

/// A file that was opened for its checksum, and is sent next.
struct Opened
{
    std::size_t entry = ~std::size_t{0};
    std::optional<OpenedPath> file;
    std::string bytes; ///< all of a small one
};

/// Exactly `length` bytes from `offset` on; none at an early end.
std::optional<std::string> readExactly(int fd, std::uint64_t offset, std::uint64_t length)
{
    std::string bytes(length, '\0');
    for (std::size_t at = 0; at < bytes.size();) {
        const ssize_t n = ::pread(fd, bytes.data() + at, bytes.size() - at, static_cast<off_t>(offset + at));
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return std::nullopt;
        at += static_cast<std::size_t>(n);
    }
    return bytes;
}

} // namespace

struct ZipSource::Shared : std::enable_shared_from_this<ZipSource::Shared>
{
    Shared(ZipPlanPtr of, std::vector<ZipStretch> what, const ZipSending& with, Post poster)
        : plan(std::move(of)), stretches(std::move(what)), sending(with), post(std::move(poster))
    {
    }

    enum class Made
    {
        Some,
        All,
        Waits, ///< for a checksum
        Failed
    };
    void work();
    Made make(Batch& batch);
    bool toNextBytes(Batch& batch);
    bool takePiece(Batch& batch, const ZipPiece& piece);
    bool takeContent(Batch& batch, const ZipPiece& piece, std::uint64_t skip, std::uint64_t length);
    bool sumHere(std::size_t entry);
    void askEarly();
    void waitFor(std::size_t entry);
    void deliver(Batch batch, Made made);

    const ZipPlanPtr plan;
    const std::vector<ZipStretch> stretches;
    const ZipSending sending;
    const Post post;

    // Of the thread that set `working`.
    std::size_t stretch = 0;
    std::uint64_t position = 0; ///< in the stretch
    bool begun = false;
    bool beforeDone = false; ///< the stretch's text is out
    Opened opened;
    /// For what a descriptor and the directory will need: asked for early, so that nobody waits there.
    ZipChecksums::Ticket descriptorTicket, directoryTicket;

    std::mutex mutex; ///< guards what follows
    std::deque<Item> ready;
    bool working = false;
    bool left = false; ///< nobody asks any more
    Made state = Made::Some;
    ZipChecksums::Ticket waiting; ///< for what the next piece needs
    std::function<void()> wake;   ///< made, called and destroyed on the worker's thread
};

/// The checksum of a file that is small enough to be read here. False where that failed.
bool ZipSource::Shared::sumHere(std::size_t entry)
{
    auto file = openZipEntry(*plan, entry);
    if (!file)
        return false;
    auto bytes = readExactly(file->fd.get(), 0, plan->size(entry));
    if (!bytes || !isZipEntry(*plan, entry, file->fd.get())) {
        plan->markChanged();
        return false;
    }
    plan->setCrc(entry, zipCrc(*bytes));
    if (bytes->size() > kCopied)
        bytes->clear();
    opened = {entry, std::move(*file), std::move(*bytes)};
    return true;
}

bool ZipSource::Shared::takeContent(Batch& batch, const ZipPiece& piece, std::uint64_t skip,
                                    std::uint64_t length)
{
    const std::size_t entry = piece.index;
    Opened before = std::exchange(opened, {});
    if (before.entry == entry && !before.bytes.empty()) {
        batch.addText(std::string_view(before.bytes).substr(skip, length));
        return true;
    }
    std::optional<OpenedPath> file;
    if (before.entry == entry)
        file = std::move(before.file);
    else if (auto fresh = openZipEntry(*plan, entry))
        file = std::move(*fresh);
    if (!file)
        return false;
    if (piece.length <= kCopied) {
        const auto bytes = readExactly(file->fd.get(), skip, length);
        if (!bytes || !isZipEntry(*plan, entry, file->fd.get()))
            return false;
        batch.addText(*bytes);
        return true;
    }
    if (plan->record(entry).hasDescriptor() && skip + length == piece.length && !plan->crc(entry))
        descriptorTicket = sending.checksums.want(plan, entry, [](bool) {});
    batch.addFile(std::move(*file), skip, length);
    return true;
}

/// The next piece, as far as the stretch goes. Its checksum is known. False: the archive cannot go on.
bool ZipSource::Shared::takePiece(Batch& batch, const ZipPiece& piece)
{
    const ZipStretch& now = stretches[stretch];
    const std::uint64_t skip = now.first + position - piece.at;
    const std::uint64_t length = std::min(piece.length - skip, now.length - position);
    position += length;
    if (piece.kind == ZipPiece::Kind::Content)
        return takeContent(batch, piece, skip, length);
    std::string made;
    plan->append(made, piece);
    batch.addText(std::string_view(made).substr(skip, length));
    return true;
}

/// Goes to the next stretch that has bytes of the archive left, past texts. False: there is none.
bool ZipSource::Shared::toNextBytes(Batch& batch)
{
    for (; stretch < stretches.size(); ++stretch, position = 0, beforeDone = false) {
        const ZipStretch& now = stretches[stretch];
        if (!std::exchange(beforeDone, true) && !now.before.empty())
            batch.addText(now.before);
        if (position < now.length)
            return true;
    }
    return false;
}

ZipSource::Shared::Made ZipSource::Shared::make(Batch& batch)
{
    const Monotonic until = sending.clock.monotonic() + kLongEnough;
    if (!begun)
        askEarly();
    const std::size_t mostText = std::exchange(begun, true) ? kMostText : kFirstText;
    while (toNextBytes(batch)) {
        if (!batch.items.empty() && (batch.isEnough(mostText) || sending.clock.monotonic() >= until))
            return Made::Some;
        const ZipPiece piece = plan->pieceAt(stretches[stretch].first + position);
        if (const auto missing = plan->missing(piece)) {
            const bool small = plan->size(*missing) <= kSummedAtOnce && piece.kind == ZipPiece::Kind::Local;
            if (!small && !batch.items.empty())
                return Made::Some; // it is waited for when this is out
            if (!small) {
                waitFor(piece.kind == ZipPiece::Kind::Directory ? ZipChecksums::all : *missing);
                return Made::Waits;
            }
            if (!sumHere(*missing))
                return Made::Failed;
        }
        if (!takePiece(batch, piece))
            return Made::Failed;
    }
    return Made::All;
}

/// A range that begins late passes by the files whose checksums its end needs.
void ZipSource::Shared::askEarly()
{
    const bool late = stretches.front().first > 0;
    const auto reachesDirectory = [this](const ZipStretch& one) {
        return one.first + one.length > plan->directoryAt();
    };
    if (late && std::any_of(stretches.begin(), stretches.end(), reachesDirectory) && plan->missingFrom(0))
        directoryTicket = sending.checksums.want(plan, ZipChecksums::all, [](bool) {});
}

/// Goes on when the checksum is there.
void ZipSource::Shared::waitFor(std::size_t entry)
{
    auto ticket = sending.checksums.want(plan, entry, [weak = weak_from_this()](bool good) {
        const auto self = weak.lock();
        if (self && (!good || !self->sending.files.submit([self] { self->work(); })))
            self->deliver({}, Made::Failed);
    });
    const std::lock_guard lock(mutex);
    if (!left)
        waiting = std::move(ticket);
}

void ZipSource::Shared::work()
{
    {
        const std::lock_guard lock(mutex);
        if (left) {
            working = false;
            return;
        }
    }
    Batch batch;
    const Made made = make(batch);
    if (made != Made::Waits)
        deliver(std::move(batch), made);
}

void ZipSource::Shared::deliver(Batch batch, Made made)
{
    bool wanted = false;
    {
        const std::lock_guard lock(mutex);
        if (!left)
            std::move(batch.items.begin(), batch.items.end(), std::back_inserter(ready));
        state = made;
        working = false;
        wanted = wake != nullptr;
    }
    if (!wanted)
        return;
    post([self = shared_from_this()] {
        std::function<void()> call;
        {
            const std::lock_guard lock(self->mutex);
            call.swap(self->wake);
        }
        if (call)
            call();
    });
}

ZipSource::ZipSource(ZipPlanPtr plan, std::vector<ZipStretch> stretches, const ZipSending& sending, Post post)
    : sending_(sending), post_(post),
      shared_(std::make_shared<Shared>(std::move(plan), std::move(stretches), sending, std::move(post)))
{
    for (const ZipStretch& stretch : shared_->stretches)
        left_ += stretch.before.size() + stretch.length;
}

ZipSource::~ZipSource()
{
    std::function<void()> wake;
    std::deque<Item> ready;
    ZipChecksums::Ticket waiting;
    const std::lock_guard lock(shared_->mutex);
    shared_->left = true;
    ready.swap(shared_->ready);
    waiting.swap(shared_->waiting);
    wake.swap(shared_->wake);
}

net::SegmentSource::State ZipSource::next(std::vector<net::Segment>& out, std::function<void()> wake)
{
    std::deque<Item> items;
    {
        const std::lock_guard lock(shared_->mutex);
        items.swap(shared_->ready);
        const bool ended = shared_->state == Shared::Made::All || shared_->state == Shared::Made::Failed;
        if (!ended && !shared_->working) {
            shared_->working = sending_.files.submit([keep = shared_] { keep->work(); });
            if (!shared_->working)
                shared_->state = Shared::Made::Failed;
        }
        if (items.empty()) {
            if (shared_->state == Shared::Made::All)
                return State::Done;
            if (shared_->state == Shared::Made::Failed)
                return State::Failed;
            shared_->wake = std::move(wake);
            return State::Pending;
        }
    }
    for (Item& item : items) {
        if (item.file) {
            out.push_back(net::Segment::fileRange(
                std::make_shared<OpenFile>(std::move(*item.file), sending_.preloader, post_, sending_.clock),
                item.offset, item.length));
        } else {
            item.length = item.text.size();
            out.push_back(net::Segment::memory(std::move(item.text)));
        }
        left_ -= std::min(left_, item.length);
    }
    return State::More;
}

} // namespace spillway::body
