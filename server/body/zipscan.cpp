// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/body/zipscan.h"

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <string_view>
#include <utility>

namespace spillway::body {

namespace {

constexpr std::size_t kMostDepth = 128;
constexpr std::size_t kBuffer = 64U << 10; ///< of names: what one thread looks at before it asks for more
constexpr std::size_t kMostHelpers = 3;
/// After so many parts a helper lets others have its thread.
constexpr int kParts = 64;
/// What an entry takes in a plan beside its name, at least.
constexpr std::size_t kEntryBytes = 57;

void failed(ZipScan::Folder& folder, Error error)
{
    folder.state = ZipScan::Folder::State::Failed;
    folder.error = std::move(error);
}

} // namespace

ZipScan::FolderPtr ZipScan::begin(UniqueFd fd)
{
    auto folder = std::make_shared<Folder>();
    folder->fd = std::make_shared<const UniqueFd>(std::move(fd));
    Lock lock(mutex_);
    push(lock, {folder, nullptr});
    return folder;
}

void ZipScan::wait(const Folder& folder)
{
    Lock lock(mutex_);
    while (!folder.isThere) {
        if (work_.empty())
            changed_.wait(lock);
        else
            doOne(lock);
    }
}

void ZipScan::stop()
{
    std::vector<Work> dropped;
    const Lock lock(mutex_);
    stopped_ = true;
    dropped.swap(work_);
}

void ZipScan::push(const Lock&, Work work)
{
    if (!stopped_)
        work_.push_back(std::move(work));
}

/// As many as have something to do beside the thread that asks for them.
void ZipScan::callHelpers(Lock& lock)
{
    while (helpers_ < kMostHelpers && helpers_ < work_.size()) {
        ++helpers_;
        lock.unlock();
        const bool comes = pool_.submit([self = shared_from_this()] { self->help(); });
        lock.lock();
        if (!comes) {
            --helpers_;
            return;
        }
    }
}

void ZipScan::help()
{
    Lock lock(mutex_);
    for (int part = 0; part < kParts && !work_.empty(); ++part)
        doOne(lock);
    --helpers_;
    callHelpers(lock);
}

void ZipScan::doOne(Lock& lock)
{
    const Work work = std::move(work_.back());
    work_.pop_back();
    lock.unlock();
    if (work.chunk)
        work.chunk->look(work.folder->fd->get());
    else
        read(work.folder);
    lock.lock();
    Folder& folder = *work.folder;
    if (--folder.pending > 0)
        return;
    lock.unlock();
    complete(folder);
    lock.lock();
    for (auto below = folder.folders.rbegin(); below != folder.folders.rend(); ++below)
        push(lock, {*below, nullptr});
    folder.isThere = true;
    changed_.notify_all();
    callHelpers(lock);
}

void ZipScan::open(Folder& folder) const
{
    UniqueFd fd(::openat(folder.parent->get(), folder.name.c_str(),
                         O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    const int why = errno;
    folder.parent.reset();
    if (fd && folder.depth < kMostDepth)
        folder.fd = std::make_shared<const UniqueFd>(std::move(fd));
    else if (fd)
        folder.state = Folder::State::TooDeep;
    else if (why == EMFILE || why == ENFILE || why == ENOMEM || why == EIO)
        failed(folder, osError("Cannot open a folder", why));
    else
        folder.state = why == EACCES || why == EPERM ? Folder::State::Denied : Folder::State::Gone;
}

/// Reads the names. Of more than one chunk each but the last is work for others.
void ZipScan::read(const FolderPtr& pointer)
{
    Folder& folder = *pointer;
    if (!folder.fd)
        open(folder);
    if (folder.state != Folder::State::Listed)
        return;
    if (watch_)
        watch_->add(folder.fd->get());
    thread_local std::vector<char> buffer(kBuffer);
    ZipNameChunk* last = nullptr;
    for (;;) {
        const ssize_t got = ::getdents64(folder.fd->get(), buffer.data(), buffer.size());
        if (got < 0 && errno != ENOENT) // ENOENT: removed while it was read
            failed(folder, osError("Cannot read a folder", errno));
        if (got <= 0)
            break;
        if (last) {
            Lock lock(mutex_);
            ++folder.pending;
            push(lock, {pointer, last});
            changed_.notify_all();
            callHelpers(lock);
        }
        last = &folder.names.addChunk(static_cast<std::size_t>(got));
        for (std::size_t at = 0; at < static_cast<std::size_t>(got);) {
            std::uint16_t length = 0;
            std::memcpy(&length, buffer.data() + at + offsetof(dirent64, d_reclen), sizeof length);
            takeName(folder, *last, buffer.data() + at);
            at += length;
        }
        if (!takeRoom(folder, *last))
            return;
    }
    if (last)
        last->look(folder.fd->get());
}

void ZipScan::takeName(Folder& folder, ZipNameChunk& chunk, const char* record) const
{
    const auto type = static_cast<unsigned char>(record[offsetof(dirent64, d_type)]);
    const std::string_view name = record + offsetof(dirent64, d_name);
    if (name == "." || name == ".." || (name.starts_with('.') && !dotFiles_) || type == DT_FIFO ||
        type == DT_SOCK || type == DT_CHR || type == DT_BLK)
        return;
    if (name.find('\\') != std::string_view::npos) // several unpackers take it for a slash
        ++folder.leftOut;
    else
        chunk.add(name);
}

/// False where the names are too many; the folder says so, and nobody need look at it.
bool ZipScan::takeRoom(Folder& folder, const ZipNameChunk& chunk)
{
    const Lock lock(mutex_);
    bytes_ += chunk.size() * kEntryBytes + chunk.textBytes();
    if (stopped_ || bytes_ > mostBytes_) {
        failed(folder, {ErrorCode::Unsupported, "The folder has too many entries for one archive."});
        return false;
    }
    return true;
}

/// When all is looked at: by the last who did.
void ZipScan::complete(Folder& folder) const
{
    if (folder.state == Folder::State::Listed) {
        if (watch_ && folder.names.hasElsewhere())
            watch_->setBlind();
        folder.names.sort();
        for (std::size_t i = 0; i < folder.names.size(); ++i) {
            const ZipName& name = folder.names[i];
            if (name.kind != ZipName::Kind::Folder)
                continue;
            auto& below = folder.folders.emplace_back(std::make_shared<Folder>());
            below->parent = folder.fd;
            below->name = name.text();
            below->depth = folder.depth + 1;
        }
    }
    folder.fd.reset();
}

} // namespace spillway::body
