// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/body/zipwalk.h"

#include "server/body/directory.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <climits>
#include <cstddef>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

namespace spillway::body {

namespace {

constexpr std::size_t kMostDepth = 128; ///< each level holds a descriptor
constexpr std::size_t kBuffer = 64U << 10;
constexpr std::size_t kMostText = 4'000'000'000; ///< of one folder's names, whose places are 32 bits
/// Files of one folder that one thread looks at before it asks for more.
constexpr std::size_t kChunk = 2048;
constexpr std::size_t kHelpers = 3;
/// What an entry takes in a plan at least.
constexpr std::size_t kLeastBytes = 58;

/// One name of a folder: small, since a hundred thousand of them are sorted while somebody waits.
struct Name
{
    std::uint64_t key = 0; ///< its first bytes as a number, so that most comparisons need no text
    std::uint32_t at = 0;  ///< in the folder's text
    std::uint16_t length = 0;
};

/// What stands behind a name.
struct Found
{
    bool isThere = false;
    bool isSymlink = false;
    bool isReadable = true;
    FileFacts facts;
};

/// A folder's names, sorted by bytes, and what stands behind each.
struct Names
{
    int fd = -1;
    std::string text; ///< each with a zero behind
    std::vector<Name> names;
    std::vector<Found> found;

    [[nodiscard]] const char* cText(std::size_t i) const { return text.data() + names[i].at; }
    [[nodiscard]] std::string_view view(const Name& name) const
    {
        return {text.data() + name.at, name.length};
    }

    void add(std::string_view name)
    {
        Name one;
        for (std::size_t i = 0; i < sizeof one.key; ++i)
            one.key = one.key << 8 | (i < name.size() ? static_cast<unsigned char>(name[i]) : 0U);
        one.at = static_cast<std::uint32_t>(text.size());
        one.length = static_cast<std::uint16_t>(name.size());
        text.append(name).append(1, '\0');
        names.push_back(one);
    }
    void sort()
    {
        std::sort(names.begin(), names.end(), [this](const Name& a, const Name& b) {
            return a.key != b.key ? a.key < b.key : view(a) < view(b);
        });
        found.resize(names.size());
    }
};

void look(Names& names, std::size_t i)
{
    struct stat status
    {
    };
    Found& one = names.found[i];
    if (::fstatat(names.fd, names.cText(i), &status, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT) != 0)
        return;
    one.isSymlink = S_ISLNK(status.st_mode);
    one.facts = factsOf(status);
    one.isThere = one.isSymlink || one.facts.kind != FileKind::Other;
    constexpr mode_t readableByAll = 0444;
    if (one.facts.kind == FileKind::File && (status.st_mode & readableByAll) != readableByAll)
        one.isReadable = ::faccessat(names.fd, names.cText(i), R_OK, AT_EACCESS) == 0;
}

/// The work of looking at the files of one large folder, as several threads share it. Who comes when all is
/// handed out touches nothing but the two numbers.
struct SharedWork
{
    explicit SharedWork(Names& of) : names(of), size(of.names.size()) {}

    void work()
    {
        for (;;) {
            const std::size_t first = next.fetch_add(kChunk, std::memory_order_relaxed);
            if (first >= size)
                return;
            const std::size_t last = std::min(first + kChunk, size);
            for (std::size_t i = first; i < last; ++i)
                look(names, i);
            done.fetch_add(last - first, std::memory_order_release);
            done.notify_all();
        }
    }
    void wait() const
    {
        for (std::size_t seen = done.load(std::memory_order_acquire); seen < size;
             seen = done.load(std::memory_order_acquire))
            done.wait(seen, std::memory_order_acquire);
    }

    Names& names; ///< gone when all is done
    const std::size_t size;
    std::atomic<std::size_t> next{0}, done{0};
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

    /// The names that may be shown, sorted.
    Result<void> readNames(Names& names)
    {
        for (;;) {
            const ssize_t got = ::getdents64(names.fd, buffer_.data(), buffer_.size());
            if (got < 0 && errno != ENOENT) // ENOENT: removed while it was read
                return fail(osError("Cannot read a folder below \"" + folder_ + "\"", errno));
            if (got <= 0)
                break;
            for (std::size_t at = 0; at < static_cast<std::size_t>(got);) {
                std::uint16_t length = 0;
                std::memcpy(&length, buffer_.data() + at + offsetof(dirent64, d_reclen), sizeof length);
                takeName(names, buffer_.data() + at);
                at += length;
            }
            if (names.names.size() > mostNames_ || names.text.size() > kMostText)
                return tooLarge();
        }
        names.sort();
        return {};
    }

    void takeName(Names& names, const char* record)
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
        names.add(name);
    }

    void lookAtAll(Names& names)
    {
        if (names.names.size() <= kChunk) {
            for (std::size_t i = 0; i < names.names.size(); ++i)
                look(names, i);
            return;
        }
        const auto shared = std::make_shared<SharedWork>(names);
        const std::size_t helpers = std::min(kHelpers, (names.names.size() - 1) / kChunk);
        for (std::size_t i = 0; i < helpers; ++i)
            (void)helpers_.submit([shared] { shared->work(); }); // without room there, it is done here
        shared->work();
        shared->wait();
    }

    Result<void> readFolder(int fd, const std::string& path, std::size_t depth)
    {
        Names names;
        names.fd = fd;
        if (auto read = readNames(names); !read)
            return read;
        lookAtAll(names);
        for (std::size_t i = 0; i < names.names.size(); ++i)
            if (auto taken = take(names, i, path, depth); !taken)
                return taken;
        return {};
    }

    Result<void> take(const Names& names, std::size_t i, const std::string& folder, std::size_t depth)
    {
        const Found& one = names.found[i];
        if (!one.isThere)
            return {};
        const std::string path = joinPath(folder, names.view(names.names[i]));
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
        if (!builder_.add(path, names.found[i].facts))
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
