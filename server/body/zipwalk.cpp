// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/body/zipwalk.h"

#include "server/body/directory.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <condition_variable>
#include <cstddef>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <mutex>
#include <unistd.h>

namespace spillway::body {

namespace {

constexpr std::size_t kMostDepth = 128;    ///< each level holds a descriptor
constexpr std::size_t kBuffer = 64U << 10; ///< of names: what one thread looks at before it asks for more
constexpr std::size_t kMostText = 4'000'000'000; ///< of one folder's names, whose places are 32 bits
constexpr std::size_t kHelpers = 3;
/// What an entry takes in a plan at least.
constexpr std::size_t kLeastBytes = 58;

/// What stands behind a name.
struct Found
{
    bool isThere = false;
    bool isSymlink = false;
    bool isReadable = true;
    FileFacts facts;
};

/// Names of a folder as they were read, and what stands behind each. Never moved: others look at it.
struct Chunk
{
    struct Place
    {
        std::uint32_t at = 0; ///< in `text`
        std::uint16_t length = 0;
    };
    std::string text; ///< each with a zero behind
    std::vector<Place> places;
    std::vector<Found> found;

    void add(std::string_view name)
    {
        places.push_back({static_cast<std::uint32_t>(text.size()), static_cast<std::uint16_t>(name.size())});
        text.append(name).append(1, '\0');
    }
    [[nodiscard]] std::string_view view(std::size_t i) const
    {
        return {text.data() + places[i].at, places[i].length};
    }
};

void look(int folder, Chunk& chunk, std::size_t i)
{
    struct stat status
    {
    };
    Found& one = chunk.found[i];
    const char* const name = chunk.text.data() + chunk.places[i].at;
    if (::fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT) != 0)
        return;
    one.isSymlink = S_ISLNK(status.st_mode);
    one.facts = factsOf(status);
    one.isThere = one.isSymlink || one.facts.kind != FileKind::Other;
    constexpr mode_t readableByAll = 0444;
    if (one.facts.kind == FileKind::File && (status.st_mode & readableByAll) != readableByAll)
        one.isReadable = ::faccessat(folder, name, R_OK, AT_EACCESS) == 0;
}

void lookAtAll(int folder, Chunk& chunk)
{
    chunk.found.resize(chunk.places.size());
    for (std::size_t i = 0; i < chunk.places.size(); ++i)
        look(folder, chunk, i);
}

/// The files of one large folder, looked at by several threads while its names are still being read:
///
///     reader: add ─ add ─ add ─ finish: takes part, waits for the others
///     helpers:  └► take └► take …
///
/// Helpers come late or never where the pool is busy. Who comes when all is handed out touches nothing else.
class SharedWork
{
public:
    explicit SharedWork(int folder) : folder_(folder) {}

    /// The reader's; the chunk is no longer changed by it.
    void add(Chunk& chunk)
    {
        const std::lock_guard lock(mutex_);
        chunks_.push_back(&chunk);
        changed_.notify_one();
    }
    /// The reader's, at the end: all chunks are looked at when it returns.
    void finish()
    {
        {
            const std::lock_guard lock(mutex_);
            closed_ = true;
        }
        changed_.notify_all();
        help();
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return done_ == chunks_.size(); });
    }
    void help()
    {
        std::unique_lock lock(mutex_);
        for (;;) {
            changed_.wait(lock, [this] { return taken_ < chunks_.size() || closed_; });
            if (taken_ == chunks_.size())
                return;
            Chunk& chunk = *chunks_[taken_++];
            lock.unlock();
            lookAtAll(folder_, chunk);
            lock.lock();
            if (++done_ == chunks_.size() && closed_)
                changed_.notify_all();
        }
    }

private:
    const int folder_; ///< open until finish() returns
    std::mutex mutex_; ///< guards what follows
    std::condition_variable changed_;
    std::vector<Chunk*> chunks_;
    std::size_t taken_ = 0, done_ = 0;
    bool closed_ = false;
};

/// A folder's names, sorted by bytes, and what stands behind each.
struct Names
{
    /// Small, since a hundred thousand of them are sorted while somebody waits.
    struct Name
    {
        std::uint64_t key = 0; ///< eight bytes behind what all begin with: most comparisons need no text
        std::uint32_t chunk = 0, index = 0;
    };
    int fd = -1;
    std::vector<std::unique_ptr<Chunk>> chunks;
    std::vector<Name> names;

    [[nodiscard]] std::string_view view(const Name& name) const
    {
        return chunks[name.chunk]->view(name.index);
    }
    [[nodiscard]] std::string_view view(std::size_t i) const { return view(names[i]); }
    [[nodiscard]] const char* cText(std::size_t i) const { return view(i).data(); } ///< ends with a zero
    [[nodiscard]] const Found& found(std::size_t i) const
    {
        return chunks[names[i].chunk]->found[names[i].index];
    }

    void sort()
    {
        for (std::size_t c = 0; c < chunks.size(); ++c)
            for (std::size_t i = 0; i < chunks[c]->places.size(); ++i)
                names.push_back({0, static_cast<std::uint32_t>(c), static_cast<std::uint32_t>(i)});
        const std::size_t same = names.empty() ? 0 : commonPrefix();
        for (Name& one : names) {
            const std::string_view rest = view(one).substr(same);
            for (std::size_t i = 0; i < sizeof one.key; ++i)
                one.key = one.key << 8 | (i < rest.size() ? static_cast<unsigned char>(rest[i]) : 0U);
        }
        std::sort(names.begin(), names.end(), [this](const Name& a, const Name& b) {
            return a.key != b.key ? a.key < b.key : view(a) < view(b);
        });
    }

private:
    [[nodiscard]] std::size_t commonPrefix() const
    {
        std::string_view prefix = view(std::size_t{0});
        for (const Name& one : names) {
            const std::string_view name = view(one);
            const auto end = std::mismatch(prefix.begin(), prefix.end(), name.begin(), name.end()).first;
            prefix = prefix.substr(0, static_cast<std::size_t>(end - prefix.begin()));
        }
        return prefix.size();
    }
};

class Walk
{
public:
    Walk(const std::shared_ptr<ShareRoot>& root, const std::string& folder, std::size_t mostBytes,
         BlockingPool& helpers)
        : root_(*root), folder_(folder), builder_(root, folder, mostBytes),
          mostNames_(mostBytes / kLeastBytes), helpers_(helpers)
    {
    }

    Result<void> whole()
    {
        auto opened = root_.open(folder_);
        if (!opened)
            return fail(opened.error());
        if (opened->facts.kind != FileKind::Folder)
            return fail(ErrorCode::NotFound, "\"" + folder_ + "\" is a file, not a folder.");
        return readFolder(opened->fd.get(), {}, 0);
    }

    Result<void> selected(const std::string& path)
    {
        if (path.empty())
            return fail(ErrorCode::InvalidArgument, "A selected name is empty.");
        if (auto checked = checkRelativePath(path, root_.allowsDotFiles()); !checked)
            return checked;
        auto opened = root_.open(joinPath(folder_, path));
        if (!opened)
            return fail(opened.error());
        if (!builder_.add(path, opened->facts))
            return tooLarge();
        return opened->facts.kind == FileKind::Folder ? readFolder(opened->fd.get(), path, 1)
                                                      : Result<void>();
    }

    [[nodiscard]] ZipPlanPtr finish() { return builder_.finish(); }

private:
    static Result<void> tooLarge()
    {
        return fail(ErrorCode::Unsupported, "The folder has too many entries for one archive.");
    }

    /// The names that may be shown, sorted, and what stands behind them. Where a folder is large, others
    /// begin to look while its names are read.
    Result<void> readNames(Names& names)
    {
        std::shared_ptr<SharedWork> shared;
        Result<void> read = readChunks(names, shared);
        if (shared)
            shared->finish(); // also after an error: helpers use the folder
        else if (read && !names.chunks.empty())
            lookAtAll(names.fd, *names.chunks.front());
        if (read)
            names.sort();
        return read;
    }

    Result<void> readChunks(Names& names, std::shared_ptr<SharedWork>& shared)
    {
        for (std::size_t count = 0, bytes = 0;;) {
            const ssize_t got = ::getdents64(names.fd, buffer_.data(), buffer_.size());
            if (got < 0 && errno != ENOENT) // ENOENT: removed while it was read
                return fail(osError("Cannot read a folder below \"" + folder_ + "\"", errno));
            if (got <= 0)
                break;
            if (!shared && !names.chunks.empty())
                shared = share(names);
            Chunk& chunk = *names.chunks.emplace_back(std::make_unique<Chunk>());
            for (std::size_t at = 0; at < static_cast<std::size_t>(got);) {
                std::uint16_t length = 0;
                std::memcpy(&length, buffer_.data() + at + offsetof(dirent64, d_reclen), sizeof length);
                takeName(chunk, buffer_.data() + at);
                at += length;
            }
            if (shared)
                shared->add(chunk);
            count += chunk.places.size();
            bytes += chunk.text.size();
            if (count > mostNames_ || bytes > kMostText)
                return tooLarge();
        }
        return {};
    }

    /// With the first chunk. Without room in the pool, all is done on this thread.
    std::shared_ptr<SharedWork> share(const Names& names)
    {
        auto shared = std::make_shared<SharedWork>(names.fd);
        shared->add(*names.chunks.front());
        for (std::size_t i = 0; i < kHelpers; ++i)
            (void)helpers_.submit([shared] { shared->help(); });
        return shared;
    }

    void takeName(Chunk& chunk, const char* record)
    {
        const auto type = static_cast<unsigned char>(record[offsetof(dirent64, d_type)]);
        const std::string_view name = record + offsetof(dirent64, d_name);
        if (name == "." || name == ".." || (name.starts_with('.') && !root_.allowsDotFiles()) ||
            type == DT_FIFO || type == DT_SOCK || type == DT_CHR || type == DT_BLK)
            return;
        if (name.find('\\') != std::string_view::npos) { // several unpackers take it for a slash
            builder_.leaveOut();
            return;
        }
        chunk.add(name);
    }

    Result<void> readFolder(int fd, const std::string& path, std::size_t depth)
    {
        Names names;
        names.fd = fd;
        if (auto read = readNames(names); !read)
            return read;
        for (std::size_t i = 0; i < names.names.size(); ++i)
            if (auto taken = take(names, i, path, depth); !taken)
                return taken;
        return {};
    }

    Result<void> take(const Names& names, std::size_t i, const std::string& folder, std::size_t depth)
    {
        const Found& one = names.found(i);
        if (!one.isThere)
            return {};
        const std::string path = joinPath(folder, names.view(i));
        if (folder_.size() + 1 + path.size() >= PATH_MAX) {
            builder_.leaveOut();
            return {};
        }
        if (one.isSymlink)
            return takeSymlink(path);
        if (one.facts.kind == FileKind::Folder)
            return takeFolder(names, i, path, depth);
        if (!one.isReadable) {
            builder_.leaveOut();
            return {};
        }
        return builder_.add(path, one.facts) ? Result<void>() : tooLarge();
    }

    Result<void> takeSymlink(const std::string& path)
    {
        const auto target = root_.open(joinPath(folder_, path));
        if (target && target->facts.kind == FileKind::File)
            return builder_.add(path, target->facts) ? Result<void>() : tooLarge();
        // One that leads nowhere, or out of the share, is in no listing either.
        if (target || target.error().code == ErrorCode::PermissionDenied)
            builder_.leaveOut();
        return {};
    }

    Result<void> takeFolder(const Names& names, std::size_t i, const std::string& path, std::size_t depth)
    {
        const UniqueFd fd(
            ::openat(names.fd, names.cText(i), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
        if (!fd && (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == EIO))
            return fail(osError("Cannot open a folder below \"" + folder_ + "\"", errno));
        if (!fd && errno != EACCES && errno != EPERM)
            return {}; // it went meanwhile
        if (!fd || depth == kMostDepth) {
            builder_.leaveOut();
            return {};
        }
        if (!builder_.add(path, names.found(i).facts))
            return tooLarge();
        return readFolder(fd.get(), path, depth + 1);
    }

    ShareRoot& root_;
    const std::string folder_;
    ZipPlanBuilder builder_;
    const std::size_t mostNames_;                           ///< of one folder
    std::vector<char> buffer_ = std::vector<char>(kBuffer); ///< what getdents64 gave
    BlockingPool& helpers_;
};

bool isBelow(const std::string& path, const std::string& folder)
{
    return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
}

} // namespace

Result<ZipPlanPtr> planZip(const std::shared_ptr<ShareRoot>& root, const std::string& folder,
                           const std::vector<std::string>& selection, std::size_t mostBytes,
                           BlockingPool& helpers)
{
    Walk walk(root, folder, mostBytes, helpers);
    if (selection.empty()) {
        if (auto walked = walk.whole(); !walked)
            return fail(walked.error());
        return walk.finish();
    }
    // Twice the same, or what a selected folder holds anyway, is one.
    std::vector<std::string> wanted = selection;
    std::sort(wanted.begin(), wanted.end());
    wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
    for (const std::string& path : wanted) {
        if (std::any_of(wanted.begin(), wanted.end(),
                        [&path](const std::string& other) { return isBelow(path, other); }))
            continue;
        if (auto walked = walk.selected(path); !walked)
            return fail(walked.error());
    }
    return walk.finish();
}

} // namespace spillway::body
